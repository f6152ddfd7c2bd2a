using MerchantPortal.Shell;

namespace MerchantPortal.Orders.Pages;

/// <summary>One order, and the news of it.</summary>
public sealed class OrderDetailView(OrderDetailQueries queries, OrderFeed feed, PortalUrls urls, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public Uri CheckoutUrl(Order order) => urls.Checkout(order.CheckoutToken);

    public Task<OrderDetails?> FindAsync(Guid storeId, string number, CancellationToken cancellationToken) =>
        queries.FindAsync(storeId, number, cancellationToken);

    public Task<long> LastNumberAsync(Guid storeId, CancellationToken cancellationToken) => feed.LastNumberAsync(storeId, cancellationToken);

    /// <summary>Calls back after changes of the order, at most four times a second, until cancelled.</summary>
    public async Task FollowAsync(Guid storeId, Guid orderId, long afterNumber, Func<Task> changed, CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.FollowAsync(storeId, afterNumber, cancellationToken))
        {
            if (batch.Any(entry => entry.OrderId == orderId))
            {
                await changed();
                await Task.Delay(LiveOrders.BetweenChanges, time, cancellationToken);
            }
        }
    }
}
