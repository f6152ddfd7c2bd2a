using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Products;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>Closes an unpaid order: its open attempt at the gateway first, then the order, and the held pieces go back.</summary>
public sealed class CloseOrder(IDbContextFactory<PortalDbContext> contexts, RetireAttempt retire, PortalWriter writer, TimeProvider time)
{
    public Task<CloseOrderResult> ExecuteAsync(Guid orderId, Actor actor, CancellationToken cancellationToken) =>
        ExecuteAsync(orderId, new Asker(actor), cancellationToken);

    internal async Task<CloseOrderResult> ExecuteAsync(Guid orderId, Asker by, CancellationToken cancellationToken)
    {
        Guid? open;
        await using (var db = contexts.CreateDbContext())
        {
            if (!await db.Orders.AnyAsync(row => row.Id == orderId && row.StoreId == by.Actor.StoreId && row.Status == OrderStatus.Pending, cancellationToken))
            {
                return new CloseOrderResult.NotPending();
            }

            open = await db.Attempts.Where(row => row.OrderId == orderId && (row.Status == AttemptStatus.Created || row.Status == AttemptStatus.Prompted))
                .Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        }

        if (open is { } attemptId)
        {
            var retired = await retire.ExecuteAsync(attemptId, by, cancellationToken);
            if (retired is not RetireResult.Retired)
            {
                return retired is RetireResult.CannotTell unclear ? new CloseOrderResult.CannotTell(unclear.Reason) : new CloseOrderResult.NotPending();
            }
        }

        return await writer.WriteAsync((db, ct) => CloseAsync(db, orderId, by, ct), cancellationToken);
    }

    private async Task<CloseOrderResult> CloseAsync(PortalDbContext db, Guid orderId, Asker by, CancellationToken cancellationToken)
    {
        await by.RequireAsync(db, cancellationToken);
        var order = await db.Orders.SingleAsync(row => row.Id == orderId, cancellationToken);
        var reopened = await db.Attempts.AnyAsync(
            row => row.OrderId == orderId && (row.Status == AttemptStatus.Created || row.Status == AttemptStatus.Prompted), cancellationToken);
        if (order.Status != OrderStatus.Pending || reopened)
        {
            return reopened ? new CloseOrderResult.CannotTell("The buyer has just started to pay again.") : new CloseOrderResult.NotPending();
        }

        var now = time.GetUtcNow();
        order.Status = OrderStatus.Closed;
        order.ClosedAt = now;
        await StockHold.ReleaseAsync(db, orderId, cancellationToken);
        await db.RecordAsync(order, TimelineKind.OrderClosed, by.Actor, now, cancellationToken);
        if (by.Actor.Kind is ActorKind.Person or ActorKind.ApiKey)
        {
            await db.AuditAsync(by.Actor, new(AuditActions.OrderClosed, order.Number, After: new() { ["amount"] = Money.Display(order.Amount) }), now, cancellationToken);
        }

        return new CloseOrderResult.Closed();
    }
}

public abstract record CloseOrderResult
{
    public sealed record Closed : CloseOrderResult;

    /// <summary>It is paid or closed already (perhaps just found to be paid).</summary>
    public sealed record NotPending : CloseOrderResult;

    /// <summary>The gateway did not say; the order stays open.</summary>
    public sealed record CannotTell(string Reason) : CloseOrderResult;
}
