using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

/// <summary>A timeline row as people read it.</summary>
/// <param name="Tone">Name of a tone icon.</param>
/// <param name="Detail">What somebody wrote, or why; null when there is nothing.</param>
internal sealed record TimelineSentence(string Words, string Tone, string? OutTradeNo, string? Detail)
{
    public static TimelineSentence Of(TimelineEntry entry, IStringLocalizer<OrdersText> text)
    {
        var data = Read(entry.DataJson);
        var words = WordsOf(entry.Kind, data, text);
        foreach (var (name, value) in data)
        {
            words = words.Replace($"{{{name}}}", Translated(name, value, text), StringComparison.Ordinal);
        }

        return new TimelineSentence(words, ToneOf(entry.Kind), data.GetValueOrDefault("out_trade_no"), data.GetValueOrDefault("note") ?? data.GetValueOrDefault("reason"));
    }

    /// <summary>Money that no callback told of has a sentence of its own.</summary>
    private static string WordsOf(TimelineKind kind, Dictionary<string, string> data, IStringLocalizer<OrdersText> text) =>
        data.GetValueOrDefault("found_by") == "query" && text[$"Timeline{kind}ByQuery"] is { ResourceNotFound: false } rescued ? rescued.Value : text[$"Timeline{kind}"].Value;

    private static string Translated(string name, string value, IStringLocalizer<OrdersText> text) => name switch
    {
        "method" => text[$"Method{value}"] is { ResourceNotFound: false } method ? method.Value : value,
        "status" => text[$"Refund{value}"] is { ResourceNotFound: false } status ? status.Value : value,
        "case" => text[$"Case{value}"],
        "resolution" => text[$"Resolution{value}"],
        "ours" => text[$"Ours{value}"],
        "callback" or "query" => text[$"Testimony{value}"] is { ResourceNotFound: false } said ? said.Value : value,
        _ => value,
    };

    private static string ToneOf(TimelineKind kind) => kind switch
    {
        TimelineKind.PaymentReceived or TimelineKind.RefundSucceeded or TimelineKind.SurplusRefunded or TimelineKind.CaseResolved => "ok",
        TimelineKind.PaymentReceivedLate or TimelineKind.DuplicateMoneyReceived or TimelineKind.CallbackQuarantined or TimelineKind.RefundNotSettled
            or TimelineKind.DeliveryNotReported or TimelineKind.RefundPostponed or TimelineKind.WitnessesDisagree => "warn",
        TimelineKind.AttemptFailed or TimelineKind.RefundFailed => "bad",
        TimelineKind.OrderClosed or TimelineKind.AttemptClosed => "wait",
        _ => "info",
    };

    private static Dictionary<string, string> Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
