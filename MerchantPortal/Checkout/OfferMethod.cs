using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>Makes one way to pay ready for the buyer; another one that was in progress is closed at its gateway first.</summary>
public sealed class OfferMethod(StartPayment start, GatewayRedirect redirect)
{
    public async Task<OfferMethodResult> ExecuteAsync(CheckoutOrder order, OfferRequest offer, CancellationToken cancellationToken)
    {
        if (offer.Bank is { } bank && !offer.Method.Banks.Contains(bank, StringComparer.Ordinal))
        {
            return new OfferMethodResult.UnknownBank();
        }

        try
        {
            var request = new StartPaymentRequest(order.Order.Id, offer.Method.AccountId, offer.Method.Method, offer.ClientIp, offer.OpenId, offer.Bank);
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

    private OfferMethodResult Next(CheckoutOrder order, PaymentAttempt attempt) => attempt.ReadPrompt() switch
    {
        { Kind: PromptKind.Redirect } prompt => redirect.To(order.Order.Mode, prompt) is null ? new OfferMethodResult.Unclear() : new OfferMethodResult.Leave(),
        { Kind: PromptKind.Form or PromptKind.App } => new OfferMethodResult.Unclear(),
        _ => new OfferMethodResult.LookAgain(),
    };
}

/// <summary>What the buyer has chosen, and what is known of the buyer.</summary>
/// <param name="ClientIp">The buyer's address; null where no press of the buyer's is behind it.</param>
/// <param name="OpenId">The payer at WeChat; null unless WeChat has told.</param>
/// <param name="Bank">Code of the bank chosen beforehand; null for none.</param>
public sealed record OfferRequest(CheckoutMethod Method, string? ClientIp = null, string? OpenId = null, string? Bank = null);

public abstract record OfferMethodResult
{
    /// <summary>The order's rows say what to show now.</summary>
    public sealed record LookAgain : OfferMethodResult;

    /// <summary>The buyer pays on the gateway's own page; see <see cref="LeaveCheckout"/>.</summary>
    public sealed record Leave : OfferMethodResult;

    /// <summary>The account knows no such bank; nothing was started.</summary>
    public sealed record UnknownBank : OfferMethodResult;

    /// <summary>A gateway did not answer, or its answer cannot be used; what was in progress still is.</summary>
    public sealed record Unclear : OfferMethodResult;
}
