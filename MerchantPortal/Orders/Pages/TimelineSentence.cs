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
        var words = text[$"Timeline{entry.Kind}"].Value;
        foreach (var (name, value) in data)
        {
            words = words.Replace($"{{{name}}}", Translated(name, value, text), StringComparison.Ordinal);
        }

        return new TimelineSentence(words, ToneOf(entry.Kind), data.GetValueOrDefault("out_trade_no"), data.GetValueOrDefault("note") ?? data.GetValueOrDefault("reason"));
    }

    private static string Translated(string name, string value, IStringLocalizer<OrdersText> text) => name switch
    {
        "method" => text[$"Method{value}"] is { ResourceNotFound: false } method ? method.Value : value,
        "status" => text[$"Refund{value}"] is { ResourceNotFound: false } status ? status.Value : value,
        _ => value,
    };

    private static string ToneOf(TimelineKind kind) => kind switch
    {
        TimelineKind.PaymentReceived or TimelineKind.RefundSucceeded => "ok",
        TimelineKind.PaymentReceivedLate or TimelineKind.DuplicateMoneyReceived or TimelineKind.CallbackQuarantined or TimelineKind.RefundNotSettled
            or TimelineKind.DeliveryNotReported => "warn",
        TimelineKind.AttemptFailed => "bad",
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
