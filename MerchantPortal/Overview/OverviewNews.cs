using MerchantPortal.Orders;

namespace MerchantPortal.Overview;

/// <summary>Tells the overview when to look again.</summary>
public sealed class OverviewNews(OrderFeed feed, TimeProvider time)
{
    /// <summary>A busy till changes many times a second; the figures need not.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Where to follow from: read before the figures, so that nothing in between is missed.</summary>
    public Task<long> LastNumberAsync(Guid storeId, CancellationToken cancellationToken) => feed.LastNumberAsync(storeId, cancellationToken);

    /// <summary>Calls back after changes in the store, until cancelled. The feed only says "look": the figures are read anew.</summary>
    public async Task FollowAsync(Guid storeId, long afterNumber, Func<Task> changed, CancellationToken cancellationToken)
    {
        var last = afterNumber;
        while (true)
        {
            await feed.WaitAsync(storeId, last, cancellationToken);
            last = await feed.LastNumberAsync(storeId, cancellationToken);
            await changed();
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
