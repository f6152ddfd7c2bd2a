using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MerchantPortal.Orders;

namespace MerchantPortal.Checkout;

/// <summary>One order's status each time it changes, until it is paid, closed or expired; a beat in between keeps the line open.</summary>
public sealed class FollowCheckout(CheckoutQueries queries, OrderFeed feed, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<string>> ExecuteAsync(
        string token, Guid storeId, Guid orderId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        // The feed's number is read before the order: what happens in between is told again, never missed.
        await using var watch = new OrderWatch(feed, storeId, orderId, await feed.LastNumberAsync(storeId, stop.Token), stop.Token);
        string? told = null;
        while (!stop.IsCancellationRequested && await queries.ProgressAsync(token, stop.Token) is { } progress)
        {
            var status = CheckoutStatus.Of(progress, time.GetUtcNow());
            yield return status.Revision == told ? new SseItem<string>("", "beat") : new SseItem<string>(status.ToJson(), "status");
            if (!status.IsLive)
            {
                yield break;
            }

            told = status.Revision;
            await watch.WaitAsync(UntilNextLook(status), time);
        }
    }

    /// <summary>Expiry changes the page without a row being written.</summary>
    private static TimeSpan UntilNextLook(CheckoutStatus status) =>
        status.ExpiresAt - status.ServerTime < Beat ? status.ExpiresAt - status.ServerTime : Beat;
}
