using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// One payment from end to end on a test account: an order of ¥0.01, the gateway's code or page, a played buyer, the notification,
/// the paid order. Leaves the order behind, as any test leaves its trace.
/// </summary>
public sealed class TryPayment(
    PlaceTrialOrder place, StartPayment start, IEnumerable<ITestPayer> payers, OrderFeed feed, IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    /// <summary>What a played buyer can follow, the plainest first.</summary>
    private static readonly PaymentMethod[] Playable =
        [PaymentMethod.Native, PaymentMethod.Precreate, PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.H5, PaymentMethod.App];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>False for live accounts, and where nobody can play the buyer.</summary>
    public bool Offers(PaymentMode mode) => mode == PaymentMode.Test && payers.Any();

    public async Task<TryPaymentResult> ExecuteAsync(Guid accountId, IReadOnlyList<PaymentMethod> methods, Actor actor, CancellationToken cancellationToken)
    {
        var before = await feed.LastNumberAsync(actor.StoreId, cancellationToken);
        if (await place.ExecuteAsync(actor, cancellationToken) is not PlaceOrderResult.Placed placed)
        {
            return new TryPaymentResult.Stuck("The order could not be placed.");
        }

        var method = Playable.First(methods.Contains);
        var request = new StartPaymentRequest(placed.Order.Id, accountId, method, ClientIp: "127.0.0.1");
        return await start.ExecuteAsync(request, actor, cancellationToken) switch
        {
            StartPaymentResult.Started started => await PayAsync(placed.Order, started.Attempt, before, cancellationToken),
            StartPaymentResult.Refused refused => new TryPaymentResult.Stuck($"{refused.Code}: {refused.Message}"),
            StartPaymentResult.CannotTell unclear => new TryPaymentResult.Stuck(unclear.Reason),
            _ => throw new InvalidOperationException("A payment is started, refused or unclear."),
        };
    }

    private async Task<TryPaymentResult> PayAsync(Order order, PaymentAttempt attempt, long before, CancellationToken cancellationToken)
    {
        var prompt = attempt.ReadPrompt();
        if (prompt is null || !await payers.First().PayAsync(attempt.OutTradeNo, prompt, cancellationToken))
        {
            return new TryPaymentResult.Stuck("The sandbox did not take the payment.");
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await foreach (var batch in feed.FollowAsync(order.StoreId, before, either.Token))
            {
                if (batch.Any(entry => entry.OrderId == order.Id) && await IsPaidAsync(order.Id, either.Token))
                {
                    return new TryPaymentResult.Paid(order.Number);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Falls through: nothing came.
        }

        return new TryPaymentResult.Stuck("Paid at the gateway, but no notification that proves it has come. Look at the callbacks.");
    }

    private async Task<bool> IsPaidAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Orders.AnyAsync(row => row.Id == orderId && row.Status == OrderStatus.Paid, cancellationToken);
    }
}

public abstract record TryPaymentResult
{
    public sealed record Paid(string OrderNumber) : TryPaymentResult;

    /// <param name="Reason">How far it came, in English.</param>
    public sealed record Stuck(string Reason) : TryPaymentResult;
}
