using MerchantPortal.Cases;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>When a callback is tried again, and what a person gets to look at when it is not, in the commit of its verdict.</summary>
internal static class CallbackCases
{
    /// <summary>Sets the next retry, or ends the retries; one that was tried often enough is a dead letter: a person gets its case.</summary>
    public static async Task RescheduleAsync(this PortalDbContext db, Capture capture, bool again, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (capture is not InboxEntry entry)
        {
            return;
        }

        entry.RetryAt = again ? RetrySchedule.Next(entry.Attempts, now) : null;
        if (entry.Status == CallbackStatus.Deferred && entry.RetryAt is null)
        {
            entry.Status = CallbackStatus.Quarantined;
            await db.OpenCaseAsync(DeadLetter(entry), now, cancellationToken);
        }
    }

    /// <summary>Ties a quarantined callback to the case that its order got, or opens one for a callback without an order; ends the cases of one that is through.</summary>
    public static async Task FollowVerdictAsync(this PortalDbContext db, InboxEntry entry, CallbackStatus outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (outcome == CallbackStatus.Quarantined)
        {
            if (entry.OrderId is null)
            {
                await db.OpenCaseAsync(DeadLetter(entry), now, cancellationToken);
            }

            foreach (var found in db.Cases.Local.Where(row => row.OrderId is not null && row.OrderId == entry.OrderId
                && row.Kind is CaseKind.ShortMoney or CaseKind.OverMoney or CaseKind.Contradiction))
            {
                found.CaptureId = entry.Id;
            }
        }
        else if (entry.Attempts > 1 && outcome is CallbackStatus.Applied or CallbackStatus.Duplicate or CallbackStatus.Ignored)
        {
            var open = await db.Cases.Where(row => row.StoreId == entry.StoreId && row.Status == CaseStatus.Open
                && (row.CaptureId == entry.Id || (row.Kind == CaseKind.UnknownOrder && row.SubjectKey == entry.OutTradeNo))).ToListAsync(cancellationToken);
            foreach (var found in open)
            {
                await db.SettleAsync(found, CaseResolution.Booked, now, cancellationToken);
            }
        }
    }

    /// <summary>Messages about one unknown number are one case, however many there are.</summary>
    private static CaseFinding DeadLetter(InboxEntry entry)
    {
        var data = new Dictionary<string, string> { ["reason"] = entry.Reason, ["channel"] = entry.Channel, ["out_trade_no"] = entry.OutTradeNo ?? "" };
        var finding = entry is { Reason: DecisionReasons.UnknownOrder, OutTradeNo: { Length: > 0 } number }
            ? new CaseFinding(entry.StoreId, CaseKind.UnknownOrder, number, Data: data)
            : new CaseFinding(entry.StoreId, CaseKind.DeadCallback, entry.Id.ToString("N"), Data: data);
        return finding with { CaptureId = entry.Id, OrderId = entry.OrderId };
    }
}
