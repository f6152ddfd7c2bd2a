using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>Makes one way to pay ready for the buyer; another one that was in progress is closed at its gateway first.</summary>
public sealed class OfferMethod(StartPayment start, GatewayRedirect redirect)
{
    public async Task<OfferMethodResult> ExecuteAsync(CheckoutOrder order, CheckoutMethod method, CancellationToken cancellationToken)
    {
        try
        {
            var request = new StartPaymentRequest(order.Order.Id, method.AccountId, method.Method);
            return await start.ExecuteAsync(request, Actor.Buyer(order.Order.StoreId), cancellationToken) switch
            {
                StartPaymentResult.Started started => Next(order, started.Attempt),
                StartPaymentResult.Refused => new OfferMethodResult.LookAgain(),
                StartPaymentResult.CannotTell => new OfferMethodResult.Unclear(),
                _ => throw new InvalidOperationException("A payment is started, refused or unclear."),
            };
        }
        catch (DatabaseBusyException)
        {
            return new OfferMethodResult.Unclear();
        }
    }

    private OfferMethodResult Next(CheckoutOrder order, PaymentAttempt attempt)
    {
        var prompt = attempt is { Status: AttemptStatus.Prompted, PromptJson: { } json } ? JsonSerializer.Deserialize<PaymentPrompt>(json) : null;
        return prompt?.Kind != PromptKind.Redirect ? new OfferMethodResult.LookAgain()
            : redirect.To(order.Order.Mode, prompt) is { } url ? new OfferMethodResult.GoTo(url)
            : new OfferMethodResult.Unclear();
    }
}

public abstract record OfferMethodResult
{
    /// <summary>The order's rows say what to show now.</summary>
    public sealed record LookAgain : OfferMethodResult;

    /// <summary>The buyer pays on the gateway's own page.</summary>
    public sealed record GoTo(Uri Url) : OfferMethodResult;

    /// <summary>A gateway did not answer, or its answer cannot be used; what was in progress still is.</summary>
    public sealed record Unclear : OfferMethodResult;
}
