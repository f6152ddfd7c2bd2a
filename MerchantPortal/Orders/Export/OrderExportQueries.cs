using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using MerchantPortal.Payments;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders.Export;

/// <summary>
/// Reads the orders of a filter for an export, slice by slice. Each is a short read of its own, so that memory stays flat and the
/// database's log can be recycled meanwhile.
/// </summary>
public sealed class OrderExportQueries(IDbContextFactory<PortalDbContext> contexts)
{
    private const int Slice = 500;

    /// <summary>Newest first. Orders placed while it runs are left out; what changes meanwhile is shown as it is when its slice is read.</summary>
    public async IAsyncEnumerable<ExportedOrder> AllAsync(
        Guid storeId, OrderFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = OrderCursor.Newest;
        IReadOnlyList<ExportedOrder> slice;
        do
        {
            slice = await NextAsync(storeId, filter, cursor, cancellationToken);
            foreach (var order in slice)
            {
                yield return order;
                cursor = new OrderCursor(OlderThan: order.Order.Id);
            }
        }
        while (slice.Count == Slice);
    }

    private async Task<IReadOnlyList<ExportedOrder>> NextAsync(Guid storeId, OrderFilter filter, OrderCursor cursor, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var ids = await OrderWalk.NextAsync(db, storeId, filter, cursor, Slice, cancellationToken);
        var orders = await db.Orders.AsNoTracking().Where(order => ids.Contains(order.Id)).OrderByDescending(order => order.Id).ToListAsync(cancellationToken);
        var attempts = await db.Attempts.Where(attempt => ids.Contains(attempt.OrderId))
            .Join(db.ChannelAccounts, attempt => attempt.ChannelAccountId, account => account.Id, (attempt, account) => new ExportedAttempt(
                attempt.OrderId, attempt.Id, account.Channel, attempt.OutTradeNo, attempt.ChannelTransactionId, attempt.Status == AttemptStatus.Paid))
            .ToListAsync(cancellationToken);
        var shown = attempts.GroupBy(attempt => attempt.OrderId).ToDictionary(
            group => group.Key, group => group.OrderByDescending(attempt => attempt.IsPaid).ThenByDescending(attempt => attempt.Id).First());
        return orders.ConvertAll(order => new ExportedOrder(order, shown.GetValueOrDefault(order.Id)));
    }
}

/// <param name="Attempt">The paid one, else the newest, as in the list; null before the first.</param>
public sealed record ExportedOrder(Order Order, ExportedAttempt? Attempt);

public sealed record ExportedAttempt(Guid OrderId, Guid Id, string Channel, string OutTradeNo, string? TransactionId, bool IsPaid);
