using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Audit.Pages;

/// <summary>Words of the trail for people.</summary>
internal static class AuditWords
{
    public static IReadOnlyList<string> Actions { get; } =
        [.. typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string?)field.GetRawConstantValue()).OfType<string>()];

    public static string Action(string action, IStringLocalizer text) => Known(text, $"Act_{action}", action);

    /// <summary>Fingerprints are called as their channel calls the key.</summary>
    public static string Field(string field, IStringLocalizer text) => Known(text, $"Field_{field}", field);

    /// <summary>A refund's reason begins with its code, for the trail has no language; people read the words that they chose it by.</summary>
    /// <param name="refunds">The words of refunds.</param>
    public static string? Reason(AuditEntry entry, IStringLocalizer refunds)
    {
        if (entry is not { Action: AuditActions.RefundRequested, Reason: { } reason })
        {
            return entry.Reason;
        }

        var code = reason.Split(": ", 2)[0];
        var key = string.Concat(code.Split('_').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
        return Known(refunds, $"Reason{key}", code) + reason[code.Length..];
    }

    /// <returns>Null where the thing has no page of its own.</returns>
    public static string? Link(AuditEntry entry) => entry.Action switch
    {
        AuditActions.OrderClosed or AuditActions.RefundRequested => $"/orders/{Uri.EscapeDataString(entry.Target)}",
        AuditActions.CallbackReplayed => $"/callbacks/{Uri.EscapeDataString(entry.Target)}",
        _ => null,
    };

    public static IEnumerable<(string Field, string Before, string After)> Changes(AuditEntry entry)
    {
        var (before, after) = (Values(entry.BeforeJson), Values(entry.AfterJson));
        return before.Keys.Union(after.Keys).Select(field => (field, before.GetValueOrDefault(field, ""), after.GetValueOrDefault(field, "")));
    }

    private static Dictionary<string, string> Values(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    private static string Known(IStringLocalizer text, string key, string otherwise) => text[key] is { ResourceNotFound: false } word ? word.Value : otherwise;
}
