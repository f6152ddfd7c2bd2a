using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Cases.Pages;

/// <summary>A case in the reader's words.</summary>
public sealed class CaseWords(IStringLocalizer<CasesText> text, IStringLocalizer<OrdersText> orders, IStringLocalizer<NotificationsText> callbacks)
{
    public string Kind(CaseKind kind) => orders[$"Case{kind}"];

    public string Resolution(CaseResolution resolution) => orders[$"Resolution{resolution}"];

    /// <summary>What happened, in one or two sentences.</summary>
    public string Said(CaseRow row)
    {
        var sentence = text[$"Say_{row.Case.Kind}"].Value;
        foreach (var (name, value) in row.Data)
        {
            sentence = sentence.Replace($"{{{name}}}", Value(name, value), StringComparison.Ordinal);
        }

        return row.Data.TryGetValue(LateMoney.Stock, out var stock) ? $"{sentence} {text[$"Stock_{stock}"].Value}" : sentence;
    }

    /// <summary>What to do about it.</summary>
    public string Advice(CaseRow row) => text[LateMoney.PiecesAreGone(row.Case) ? "Do_LateMoneyGone" : $"Do_{row.Case.Kind}"];

    /// <summary>The same in two or three words.</summary>
    public string Next(CaseRow row) => text[LateMoney.PiecesAreGone(row.Case) ? "Next_LateMoneyGone" : $"Next_{row.Case.Kind}"];

    public static StatusTone Tone(CaseKind kind) => kind switch
    {
        CaseKind.LateMoney => StatusTone.Warn,
        CaseKind.DuplicateMoney => StatusTone.Warn,
        CaseKind.ShortMoney => StatusTone.Warn,
        CaseKind.OverMoney => StatusTone.Warn,
        CaseKind.UnknownOrder => StatusTone.Warn,
        CaseKind.DeadCallback => StatusTone.Bad,
        CaseKind.Contradiction => StatusTone.Warn,
        CaseKind.WitnessesDisagree => StatusTone.Warn,
        CaseKind.RefundFailed => StatusTone.Bad,
        CaseKind.BillDifference => StatusTone.Warn,
        CaseKind.AccountBroken => StatusTone.Bad,
    };

    private string Value(string name, string value) => name switch
    {
        "reason" => callbacks[$"Reason_{value}"] is { ResourceNotFound: false } reason ? reason.Value : value,
        "channel" => OrderWords.Channel(value, orders),
        "ours" => orders[$"Ours{value}"],
        "callback" or "query" => orders[$"Testimony{value}"],
        _ => value,
    };
}
