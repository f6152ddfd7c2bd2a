using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments;

namespace MerchantPortal.Checkout;

/// <summary>
/// A buyer says "I have paid", comes back from the gateway, or opens the page once more: the gateway is asked, and only its signed answer
/// can change anything.
/// Bounded in time and number, because anyone with the link can ask.
/// </summary>
public sealed class AskGateway(QueryAttempt query, GatewayQuestions questions, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <summary>Nobody has asked for it, so nobody waits for it.</summary>
    private static readonly TimeSpan DeadlineOfOpening = TimeSpan.FromSeconds(1);

    /// <summary>A code that was made just now is still being scanned.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    /// <param name="opens">The page is merely opened; else the buyer says that something has happened.</param>
    /// <returns>False when nothing was asked.</returns>
    public async Task<bool> ExecuteAsync(CheckoutOrder order, bool opens, CancellationToken cancellationToken)
    {
        var attempt = order.Attempts.FirstOrDefault(row => row.Status != AttemptStatus.Failed);
        if (order.Order.PaidAt is not null || attempt is null || (opens && attempt.CreatedAt + Young > time.GetUtcNow()) || !questions.TryTake(order.Order.Id))
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(opens ? DeadlineOfOpening : Deadline, time);
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

        return true;
    }
}
