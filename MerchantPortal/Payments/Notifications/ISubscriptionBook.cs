using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Where messages of subscriptions are booked. An interface, because payments know that there are such messages and must not know what
/// becomes of them.
/// </summary>
public interface ISubscriptionBook
{
    /// <returns>True when another body came under this signed timestamp before: a sign that covers nothing else is good for one message.</returns>
    Task<bool> IsTimestampUsedAsync(PortalDbContext db, Capture capture, long timestamp, CancellationToken cancellationToken);

    /// <summary>Decides and changes tracked rows, inside the caller's transaction. A charge has been confirmed by the gateway before.</summary>
    /// <param name="isVouched">A person replays it: then it may come under a timestamp that is used.</param>
    Task<SubscriptionBooking> BookAsync(
        PortalDbContext db, Capture capture, SubscriptionFact fact, DateTimeOffset now, bool isVouched, CancellationToken cancellationToken);
}

/// <param name="Reason">A stable code, see <see cref="DecisionReasons"/>.</param>
public sealed record SubscriptionBooking(CallbackStatus Outcome, string Reason, IReadOnlyList<TraceStep> Trace);
