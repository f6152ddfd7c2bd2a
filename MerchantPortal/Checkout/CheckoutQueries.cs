using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Checkout;

/// <summary>What the buyer's page reads. The token is the capability: whoever has it may see this order and nothing else.</summary>
public sealed class CheckoutQueries(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, ClockJumps jumps)
{
    private const int TokenLength = 22;

    /// <summary>An order that was renewed for days has many; the page needs the last ones only.</summary>
    private const int MaxAttempts = 20;

    /// <returns>Null when there is no such token.</returns>
    public async Task<CheckoutOrder?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length != TokenLength)
        {
            return null;
        }

        await using var db = contexts.CreateDbContext();
        var order = await db.Orders.AsNoTracking().Include(row => row.Lines).SingleOrDefaultAsync(row => row.CheckoutToken == token, cancellationToken);
        if (order is null)
        {
            return null;
        }

        var store = await db.Stores.AsNoTracking().SingleAsync(row => row.Id == order.StoreId, cancellationToken);
        var attempts = await db.Attempts.AsNoTracking().Where(row => row.OrderId == order.Id).OrderByDescending(row => row.Id)
            .Take(MaxAttempts).ToListAsync(cancellationToken);
        return new CheckoutOrder(
            ByTheClock(order), store, attempts, await PaidByAsync(db, order, attempts, cancellationToken), await AccountsAsync(db, order, cancellationToken))
        {
            Lead = jumps.Observe(),
        };
    }

    /// <summary>The little that a waiting page asks for again and again.</summary>
    /// <returns>Null when there is no such token.</returns>
    public async Task<CheckoutProgress?> ProgressAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length != TokenLength)
        {
            return null;
        }

        await using var db = contexts.CreateDbContext();
        var progress = await db.Orders.AsNoTracking().Where(row => row.CheckoutToken == token)
            .Select(row => new CheckoutProgress(
                row,
                db.Attempts.Where(attempt => attempt.OrderId == row.Id).OrderByDescending(attempt => attempt.Id).FirstOrDefault()))
            .SingleOrDefaultAsync(cancellationToken);
        return progress is null ? null : progress with { Order = ByTheClock(progress.Order) };
    }

    /// <summary>Nobody's order is over because the clock was set forward: the copy that is shown ends by so much later.</summary>
    private Order ByTheClock(Order order)
    {
        order.ExpiresAt = jumps.EndOf(order.ExpiresAt, order.CreatedAt);
        return order;
    }

    private static async Task<PaymentAttempt?> PaidByAsync(
        PortalDbContext db, Order order, List<PaymentAttempt> attempts, CancellationToken cancellationToken)
    {
        if (order.PaidAt is null)
        {
            return null;
        }

        var attemptId = await db.Payments.Where(row => row.OrderId == order.Id && !row.IsSurplus).Select(row => (Guid?)row.AttemptId)
            .FirstOrDefaultAsync(cancellationToken);
        return attempts.FirstOrDefault(attempt => attempt.Id == attemptId);
    }

    private async Task<IReadOnlyList<CheckoutAccount>> AccountsAsync(PortalDbContext db, Order order, CancellationToken cancellationToken)
    {
        var rows = await db.ChannelAccounts.AsNoTracking()
            .Where(row => row.StoreId == order.StoreId && row.Mode == order.Mode && row.DisabledAt == null)
            .Select(row => new { row.Id, row.Channel }).ToListAsync(cancellationToken);
        var accounts = new List<CheckoutAccount>();
        foreach (var row in rows)
        {
            if (channels.Definition(row.Channel) is { } definition)
            {
                accounts.Add(new CheckoutAccount(row.Id, definition.IsLegacy, definition.Methods)
                {
                    Banks = definition.Banks,
                    CanClose = definition.CanClose,
                    CanIdentify = definition.Methods.Contains(PaymentMethod.Jsapi) && await CanIdentifyAsync(row.Id, cancellationToken),
                });
            }
        }

        return accounts;
    }

    private async Task<bool> CanIdentifyAsync(Guid accountId, CancellationToken cancellationToken) =>
        await channels.FindAsync(accountId, cancellationToken) is { Channel: IPayerIdentification { CanIdentify: true } };
}
