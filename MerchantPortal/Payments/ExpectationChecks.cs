using System.Globalization;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments;

/// <summary>
/// The five checks that stand before the table: order, amount, currency, app, merchant. A genuine message that fails one
/// belongs to somebody else or to another amount, and moves nothing.
/// </summary>
internal static class ExpectationChecks
{
    /// <param name="FailedReason">The first failed check's code; null when all passed.</param>
    internal sealed record Result(IReadOnlyList<TraceStep> Steps, string? FailedReason);

    internal static Result Run(PaymentSnapshot expected, VerifiedNotification message)
    {
        var steps = new List<TraceStep>(5) { new(TraceSteps.Order, true, "The number is one of ours.", Pair("out_trade_no", message.OutTradeNo)) };
        string? failed = null;
        // A gateway need not tell the amount of what nobody paid.
        var silent = message.Amount is null && (message.OmitsTotal || message.Kind is NotificationKind.PaymentPending or NotificationKind.PaymentClosed);
        Check(TraceSteps.Amount, DecisionReasons.AmountMismatch, message.Amount == expected.Amount || silent,
            Fen(expected.Amount), message.Amount is { } told ? Fen(told) : silent ? null : "unreadable");
        Check(TraceSteps.Currency, DecisionReasons.CurrencyMismatch, message.Currency is null or Money.Currency, Money.Currency, message.Currency);
        Check(TraceSteps.App, DecisionReasons.AppMismatch, message.AppId is null || message.AppId == expected.AppId, expected.AppId, message.AppId);
        Check(TraceSteps.Merchant, DecisionReasons.MerchantMismatch, message.MerchantId is null || message.MerchantId == expected.MerchantId,
            expected.MerchantId, message.MerchantId);
        return new(steps, failed);

        void Check(string step, string reason, bool ok, string want, string? got)
        {
            steps.Add(new(step, ok, ok ? (got is null ? "not told by this message" : "equal") : reason,
                new Dictionary<string, string> { ["expected"] = want, ["received"] = got ?? "–" }));
            failed ??= ok ? null : reason;
        }
    }

    private static string Fen(long fen) => string.Create(CultureInfo.InvariantCulture, $"{fen} ({Money.Display(fen)})");

    private static Dictionary<string, string> Pair(string name, string? value) => new() { [name] = value ?? "" };
}
