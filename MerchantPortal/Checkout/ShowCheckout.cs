namespace MerchantPortal.Checkout;

/// <summary>Puts together what a buyer sees. A first look also makes the code to scan, so that it stands in the first answer.</summary>
public sealed class ShowCheckout(CheckoutQueries queries, AskGateway ask, OfferMethod offer, GatewayRedirect redirect, TimeProvider time)
{
    /// <param name="mayStart">False for a look without a buyer behind it, and on the way back from a gateway.</param>
    /// <returns>Null when there is no such token.</returns>
    public async Task<CheckoutView?> ExecuteAsync(CheckoutVisit visit, bool mayStart, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(visit.Token, cancellationToken) is not { } order)
        {
            return null;
        }

        if (mayStart && await ask.ExecuteAsync(order, opens: true, cancellationToken))
        {
            order = await queries.FindAsync(visit.Token, cancellationToken) ?? order;
        }

        if (mayStart && order.StateAt(time.GetUtcNow()) == CheckoutState.Waiting
            && CheckoutOffer.ToStart(order, MethodsOf(order, visit), visit.Wanted, time.GetUtcNow()) is { } method)
        {
            await offer.ExecuteAsync(order, new OfferRequest(method), cancellationToken);
            order = await queries.FindAsync(visit.Token, cancellationToken) ?? order;
        }

        return View(order, visit);
    }

    public static IReadOnlyList<CheckoutMethod> MethodsOf(CheckoutOrder order, CheckoutVisit visit) => CheckoutMethods.For(order.Accounts, visit.Device);

    private CheckoutView View(CheckoutOrder order, CheckoutVisit visit)
    {
        var now = time.GetUtcNow();
        var status = CheckoutStatus.Of(order.Progress, now);
        var methods = MethodsOf(order, visit);
        var offer = status.State == CheckoutState.Waiting ? CheckoutOffer.Of(order, methods, visit.Wanted, now) : null;
        var script = offer is CheckoutOffer.Script { Url: var url } ? redirect.Script(order.Order.Mode, url) : null;
        if (offer is CheckoutOffer.Script foreign && script is null)
        {
            offer = new CheckoutOffer.Unclear(foreign.Method);
        }

        // A gateway's script leads its own pages in, which no frame may show: inside a shop's page it does not run.
        return new CheckoutView(visit, order, status, methods, offer, visit.IsEmbedded ? null : script?.GetLeftPart(UriPartial.Authority));
    }
}
