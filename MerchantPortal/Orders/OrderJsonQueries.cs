using System.Text.Json.Nodes;
using MerchantPortal.Api;
using MerchantPortal.Data;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Orders;

/// <summary>Reads orders as the API answers them.</summary>
public sealed class OrderJsonQueries(IDbContextFactory<PortalDbContext> contexts, PortalUrls urls, TimeProvider time)
{
    /// <returns>Null when the store has no such order.</returns>
    public async Task<OrderJson?> FindAsync(Guid storeId, string number, CancellationToken cancellationToken) =>
        await IdAsync(storeId, number, cancellationToken) is { } id ? (await ReadAsync(storeId, [id], cancellationToken)).Single() : null;

    /// <returns>Null when the store has no such order.</returns>
    public async Task<Guid?> IdAsync(Guid storeId, string number, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Orders.Where(row => row.StoreId == storeId && row.Number == number).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The given orders, newest first.</summary>
    public async Task<IReadOnlyList<OrderJson>> ReadAsync(Guid storeId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var orders = await db.Orders.AsNoTracking().Include(row => row.Lines)
            .Where(row => row.StoreId == storeId && ids.Contains(row.Id)).OrderByDescending(row => row.Id).ToListAsync(cancellationToken);
        var attempts = (await db.Attempts.AsNoTracking().Where(row => ids.Contains(row.OrderId)).OrderBy(row => row.Id)
            .Join(db.ChannelAccounts, row => row.ChannelAccountId, account => account.Id, (row, account) => new { row, account.Channel })
            .ToListAsync(cancellationToken)).ToLookup(found => found.row.OrderId, found => Json(found.row, found.Channel));
        var refunds = (await db.Refunds.AsNoTracking().Where(row => ids.Contains(row.OrderId)).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken)).ToLookup(row => row.OrderId, Json);
        return orders.ConvertAll(order => Json(order, [.. attempts[order.Id]], [.. refunds[order.Id]]));
    }

    /// <returns>Oldest first; null when the store has no such order.</returns>
    public async Task<IReadOnlyList<TimelineEntry>?> TimelineAsync(Guid storeId, string number, CancellationToken cancellationToken)
    {
        if (await IdAsync(storeId, number, cancellationToken) is not { } id)
        {
            return null;
        }

        await using var db = contexts.CreateDbContext();
        return await db.Timeline.AsNoTracking().Where(row => row.OrderId == id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    private AttemptJson Json(PaymentAttempt attempt, string channel) => new(
        attempt.OutTradeNo, channel, attempt.ChannelAccountId, ApiJson.Name(attempt.Method), ApiJson.Name(attempt.Status), attempt.Amount,
        attempt.ChannelTransactionId, attempt.CreatedAt, attempt.ExpiresAt, attempt.PaidAt,
        attempt.PromptAt(time.GetUtcNow()) is { } prompt ? Prompt(prompt) : null);

    internal static PromptJson Prompt(PaymentPrompt prompt) =>
        new(ApiJson.Name(prompt.Kind), prompt.CodeUrl, prompt.Url, prompt.Form, prompt.Params, prompt.GoodUntil);

    internal static RefundJson Json(Refund refund) => new(
        refund.RefundNo, ApiJson.Name(refund.Status), refund.Amount, refund.Reason, ApiJson.Name(refund.ReasonCode), refund.CreatedAt, refund.SettledAt,
        refund.FailureCode, refund.FailureReason);

    private OrderJson Json(Order order, IReadOnlyList<AttemptJson> attempts, IReadOnlyList<RefundJson> refunds) => new(
        order.Number,
        ApiJson.Name(order.Status),
        Flags(order.Flags),
        ApiJson.Name(order.Mode),
        order.Amount,
        order.RefundedAmount,
        Money.Currency,
        order.Subject,
        order.MerchantOrderNo,
        order.Note,
        order.ReturnUrl,
        order.MetadataJson is null ? null : JsonNode.Parse(order.MetadataJson),
        urls.Checkout(order.CheckoutToken),
        order.CreatedAt,
        order.ExpiresAt,
        order.PaidAt,
        order.Lines.ConvertAll(line => new OrderLineJson(line.ProductId, line.Name, line.UnitPrice, line.Quantity)),
        attempts,
        refunds)
    {
        Id = order.Id,
    };

    /// <summary>The flags that are set, as the API spells them.</summary>
    internal static IReadOnlyList<string> Flags(OrderFlags flags) =>
        [.. Enum.GetValues<OrderFlags>().Where(flag => flag != OrderFlags.None && flags.HasFlag(flag)).Select(flag => ApiJson.Name(flag))];
}
