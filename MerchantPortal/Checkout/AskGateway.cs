using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments;

namespace MerchantPortal.Checkout;

/// <summary>
/// A buyer says "I have paid", or comes back from the gateway: the gateway is asked, and only its signed answer can change anything.
/// Bounded in time and number, because anyone with the link can ask.
/// </summary>
public sealed class AskGateway(QueryAttempt query, GatewayQuestions questions, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    public async Task ExecuteAsync(CheckoutOrder order, CancellationToken cancellationToken)
    {
        var attempt = order.Attempts.FirstOrDefault(row => row.Status != AttemptStatus.Failed);
        if (order.Order.PaidAt is not null || attempt is null || !questions.TryTake(order.Order.Id))
        {
            return;
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await query.ExecuteAsync(attempt.Id, Actor.Buyer(order.Order.StoreId), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Slow today: the page goes on waiting, and the portal asks by itself.
        }
        catch (DatabaseBusyException)
        {
            // The same: nothing was written, the next question finds it again.
        }
    }
}
