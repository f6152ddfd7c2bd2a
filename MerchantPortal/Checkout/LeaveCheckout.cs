using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>The way from our page to the gateway's: the address that the buyer's last choice was answered with.</summary>
public sealed class LeaveCheckout(CheckoutQueries queries, GatewayRedirect redirect, TimeProvider time)
{
    public async Task<LeaveCheckoutResult> ExecuteAsync(string token, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(token, cancellationToken) is not { } order)
        {
            return new LeaveCheckoutResult.UnknownOrder();
        }

        var now = time.GetUtcNow();
        return order.StateAt(now) == CheckoutState.Waiting && order.OpenAt(now) is { } open && open.PromptAt(now) is { } prompt
            && redirect.To(order.Order.Mode, prompt) is { } url
            ? new LeaveCheckoutResult.Go(url, open.Method)
            : new LeaveCheckoutResult.Stay();
    }
}

public abstract record LeaveCheckoutResult
{
    public sealed record UnknownOrder : LeaveCheckoutResult;

    /// <summary>Nothing waits at a gateway's page; ours says what does.</summary>
    public sealed record Stay : LeaveCheckoutResult;

    /// <param name="Url">At a gateway that this portal is configured for.</param>
    public sealed record Go(Uri Url, PaymentMethod Method) : LeaveCheckoutResult;
}
