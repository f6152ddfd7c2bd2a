using System.Linq.Expressions;
using MerchantPortal.Data;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A filter as conditions of the two tables that hold callbacks.</summary>
internal static class NotificationFilters
{
    /// <summary>Reasons that only a deferred callback has; quarantined with one of them, the portal has given up.</summary>
    private static readonly string[] DeadReasons = [DecisionReasons.UnknownOrder, DecisionReasons.RefundBeforePayment, DecisionReasons.HandlerError];

    public static Expression<Func<InboxEntry, NotificationRow>> ProvenRow => row =>
        new NotificationRow(row.Id, true, row.ReceivedAt, row.Channel, row.ChannelAccountId, row.Status, row.Reason, row.Attempts, row.Repeats)
        {
            OutTradeNo = row.OutTradeNo,
            ChannelTransactionId = row.ChannelTransactionId,
            OrderId = row.OrderId,
        };

    public static Expression<Func<RejectedCapture, NotificationRow>> UnprovenRow => row =>
        new NotificationRow(row.Id, false, row.ReceivedAt, row.Channel, row.ChannelAccountId, row.Status, row.Reason, row.Attempts, 0);

    public static NotificationRow RowOf(Capture capture) =>
        capture is InboxEntry entry ? ProvenRow.Compile()(entry) : UnprovenRow.Compile()((RejectedCapture)capture);

    public static IQueryable<InboxEntry> Proven(PortalDbContext db, Guid storeId, NotificationFilter filter)
    {
        var rows = Common(db, db.Inbox.Where(row => row.StoreId == storeId), filter);
        if (string.IsNullOrWhiteSpace(filter.Text))
        {
            return rows;
        }

        var text = filter.Text.Trim();
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        return rows.Where(row => row.Id == id || (row.OutTradeNo != null && row.OutTradeNo.StartsWith(text))
            || row.ChannelTransactionId == text || row.MessageId == text);
    }

    public static IQueryable<RejectedCapture> Unproven(PortalDbContext db, Guid storeId, NotificationFilter filter)
    {
        var rows = Common(db, db.RejectedCaptures.Where(row => row.StoreId == storeId), filter);
        if (string.IsNullOrWhiteSpace(filter.Text))
        {
            return rows;
        }

        // What an unproven body says is hearsay: it is found by its own id only.
        var id = Guid.TryParse(filter.Text.Trim(), out var parsed) ? parsed : Guid.Empty;
        return rows.Where(row => row.Id == id);
    }

    private static IQueryable<T> Common<T>(PortalDbContext db, IQueryable<T> rows, NotificationFilter filter)
        where T : Capture
    {
        rows = filter.Status is { } status ? rows.Where(row => row.Status == status) : rows;
        // The condition that the index by status was made with.
        rows = filter.Status is null or CallbackStatus.Applied && filter.Tab is NotificationTab.All or NotificationTab.UnknownOrder or NotificationTab.Replayed
            ? rows
            : rows.Where(row => row.Status != CallbackStatus.Applied);
        rows = filter.Channel is { } channel ? rows.Where(row => row.Channel == channel) : rows;
        rows = filter.AccountId is { } account ? rows.Where(row => row.ChannelAccountId == account) : rows;
        rows = filter.Reason is { } reason ? rows.Where(row => row.Reason == reason) : rows;
        rows = filter.From is { } from ? rows.Where(row => row.ReceivedAt >= from) : rows;
        rows = filter.To is { } to ? rows.Where(row => row.ReceivedAt < to) : rows;
        return filter.Tab switch
        {
            NotificationTab.All => rows,
            NotificationTab.Failed => rows.Where(row => row.Status == CallbackStatus.Rejected || row.Status == CallbackStatus.Quarantined),
            NotificationTab.DeadLetters => rows.Where(row => row.Status == CallbackStatus.Quarantined && DeadReasons.Contains(row.Reason)),
            NotificationTab.Deferred => rows.Where(row => row.Status == CallbackStatus.Deferred),
            NotificationTab.Duplicates => rows.Where(row => row.Status == CallbackStatus.Duplicate),
            NotificationTab.UnknownOrder => rows.Where(row => row.Reason == DecisionReasons.UnknownOrder),
            NotificationTab.Replayed => rows.Where(row => row.Attempts > 1
                && db.CaptureAttempts.Any(attempt => attempt.CaptureId == row.Id && attempt.ReplayReason != null)),
        };
    }
}
