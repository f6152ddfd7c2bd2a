using MerchantPortal.Accounts;
using MerchantPortal.Payments;

namespace MerchantPortal.Checkout;

/// <summary>One tap on an expired page: the order lives on, and a code that can be scanned replaces the dead one.</summary>
public sealed class RenewCheckout(RenewOrder renew, OfferMethod offer)
{
    public async Task<OfferMethodResult> ExecuteAsync(CheckoutOrder order, IReadOnlyList<CheckoutMethod> methods, CancellationToken cancellationToken)
    {
        if (!await renew.ExecuteAsync(order.Order.Id, Actor.Buyer(order.Order.StoreId), cancellationToken))
        {
            return new OfferMethodResult.LookAgain();
        }

        var before = order.Newest is { } attempt
            ? methods.SelectMany(method => new[] { method, method.Fallback }).FirstOrDefault(method => method?.Method == attempt.Method && method.AccountId == attempt.ChannelAccountId)
            : null;
        // A page of the gateway's is opened by the buyer's own press, not by renewing.
        return (before ?? (methods.Count > 0 ? methods[0] : null)) is { StartsByItself: true } code
            ? await offer.ExecuteAsync(order, new OfferRequest(code), cancellationToken)
            : new OfferMethodResult.LookAgain();
    }
}
