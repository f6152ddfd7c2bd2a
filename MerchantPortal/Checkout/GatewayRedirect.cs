using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>
/// The one place that sends a buyer's browser to another host: only to gateways that this portal is configured for, whatever an
/// address in the database says.
/// </summary>
public sealed class GatewayRedirect(PaymentChannels channels)
{
    /// <returns>Null when the address is not at one of the gateways.</returns>
    public Uri? To(PaymentMode mode, PaymentPrompt prompt) =>
        prompt.Kind == PromptKind.Redirect && Uri.TryCreate(prompt.Url, UriKind.Absolute, out var url)
        && url.UserInfo.Length == 0 && Origins(mode).Contains(url.GetLeftPart(UriPartial.Authority), StringComparer.Ordinal)
            ? url
            : null;

    /// <summary>Scheme, host and port of every gateway whose own page a buyer of this mode may be sent to.</summary>
    public IReadOnlyList<string> Origins(PaymentMode mode) =>
    [
        .. channels.Definitions
            .Where(definition => definition.Methods.Any(method => method is PaymentMethod.Page or PaymentMethod.Wap))
            .Select(definition => channels.BaseUrl(definition, mode).GetLeftPart(UriPartial.Authority))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
