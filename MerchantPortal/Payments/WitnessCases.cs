using MerchantPortal.Accounts;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments;

/// <summary>Opens a case when what the three witnesses say does not fit together, and settles it when it does again.</summary>
internal static class WitnessCases
{
    /// <summary>To be called in the commit of what a witness has said, after its effect.</summary>
    public static async Task HearWitnessesAsync(
        this PaymentRows rows, PortalDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (order, attempt) = (rows.Order, rows.Attempt);
        var witnesses = Witnesses.Of(attempt);
        if (witnesses.Verdict == WitnessVerdict.Disagree)
        {
            await OpenAsync(db, order, attempt, witnesses, actor, now, cancellationToken);
        }
        else if (order.Flags.HasFlag(OrderFlags.NeedsReview))
        {
            await db.SettleCaseAsync(order.StoreId, CaseKind.WitnessesDisagree, attempt.OutTradeNo, CaseResolution.Settled, now, cancellationToken);
        }
    }

    private static async Task OpenAsync(
        PortalDbContext db, Order order, PaymentAttempt attempt, Witnesses witnesses, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string>
        {
            ["out_trade_no"] = attempt.OutTradeNo,
            ["ours"] = witnesses.Ours.ToString(),
            ["callback"] = witnesses.Callback.ToString(),
            ["query"] = witnesses.Query.ToString(),
        };
        var finding = new CaseFinding(order.StoreId, CaseKind.WitnessesDisagree, attempt.OutTradeNo, attempt.Amount, data) { OrderId = order.Id };
        if (await db.IsKnownCaseAsync(finding, cancellationToken) || await IsToldOtherwiseAsync(db, order, attempt, cancellationToken))
        {
            return;
        }

        order.Flags |= OrderFlags.NeedsReview;
        await db.OpenCaseAsync(finding, now, cancellationToken);
        await db.RecordAsync(order, TimelineKind.WitnessesDisagree, actor, now, cancellationToken, data);
    }

    /// <summary>A message that was quarantined has a case of its own, which says more: why it was not believed.</summary>
    private static async Task<bool> IsToldOtherwiseAsync(PortalDbContext db, Order order, PaymentAttempt attempt, CancellationToken cancellationToken) =>
        (await db.OpenCasesOfAsync(order.Id, cancellationToken)).Any(found =>
            found.Kind is CaseKind.ShortMoney or CaseKind.OverMoney or CaseKind.Contradiction && found.SubjectKey.StartsWith(attempt.OutTradeNo, StringComparison.Ordinal));
}
