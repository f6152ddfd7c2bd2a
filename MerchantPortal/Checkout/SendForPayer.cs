using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;

namespace MerchantPortal.Checkout;

/// <summary>The way to WeChat, on which the payer is asked for; it leads back to this order, see <see cref="IdentifyPayer"/>.</summary>
public sealed class SendForPayer(PaymentChannels channels, PayerState states, PortalUrls urls)
{
    /// <returns>Null when the account cannot tell who the payer is.</returns>
    public async Task<Uri?> ExecuteAsync(CheckoutOrder order, CheckoutMethod method, CheckoutVisit visit, CancellationToken cancellationToken) =>
        (await channels.FindAsync(method.AccountId, cancellationToken))?.Channel is IPayerIdentification { CanIdentify: true } channel
            ? channel.AuthorizeUrl(new Uri(urls.Base, visit.Path("/openid").TrimStart('/')), states.For(order.Order, method.AccountId))
            : null;
}
