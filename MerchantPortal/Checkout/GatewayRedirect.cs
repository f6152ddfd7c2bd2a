using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>
/// The one place that lets an address from the database reach a buyer's browser: only hosts of gateways that this portal is configured
/// for, whatever the row says.
/// </summary>
public sealed class GatewayRedirect(PaymentChannels channels)
{
    /// <returns>Null when the address is not at one of the gateways.</returns>
    public Uri? To(PaymentMode mode, PaymentPrompt prompt) => prompt.Kind == PromptKind.Redirect ? Known(mode, prompt.Url) : null;

    /// <summary>A script that the page may run.</summary>
    /// <returns>Null when the address is not at one of the gateways.</returns>
    public Uri? Script(PaymentMode mode, string url) => Known(mode, url);

    private Uri? Known(PaymentMode mode, string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.UserInfo.Length == 0
        && channels.Definitions.SelectMany(definition => Origins(definition, mode)).Contains(url.GetLeftPart(UriPartial.Authority), StringComparer.Ordinal)
            ? url
            : null;

    /// <summary>Scheme, host and port of everything that a buyer may be led to. In test mode that is the sandbox alone.</summary>
    private IEnumerable<string> Origins(IChannelDefinition definition, PaymentMode mode) =>
        new[] { channels.BaseUrl(definition, mode) }.Concat(mode == PaymentMode.Live ? definition.BuyerPages : [])
            .Select(url => url.GetLeftPart(UriPartial.Authority));
}
