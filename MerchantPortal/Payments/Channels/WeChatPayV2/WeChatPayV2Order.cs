using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>The fields of <c>/pay/unifiedorder</c>. See https://pay.weixin.qq.com/wiki/doc/api/native.php?chapter=9_1.</summary>
internal static class WeChatPayV2Order
{
    private const int MaxBodyBytes = 127;

    /// <summary>WeChat asks for an address always; this one stands for a buyer whose address is not known.</summary>
    private const string UnknownAddress = "127.0.0.1";

    /// <summary>An order that ends sooner is refused.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(61);

    /// <returns>Null for a method that this interface does not have.</returns>
    public static string? TradeType(PaymentMethod method) => method switch
    {
        PaymentMethod.Native => "NATIVE",
        PaymentMethod.Jsapi => "JSAPI",
        PaymentMethod.App => "APP",
        PaymentMethod.H5 => "MWEB",
        PaymentMethod.Page or PaymentMethod.Wap or PaymentMethod.Precreate or PaymentMethod.Button => null,
    };

    /// <returns>What the method needs and the request lacks; null when nothing is missing.</returns>
    public static CreateResult.Refused? Missing(CreatePayment request) => request.Method switch
    {
        PaymentMethod.Jsapi when string.IsNullOrWhiteSpace(request.OpenId) => new("openid_missing", "JSAPI payments need the payer's openid."),
        PaymentMethod.H5 when Address(request.ClientIp) is null => new("client_ip_missing", "H5 payments need the payer's own address: WeChat compares it."),
        _ => null,
    };

    public static IEnumerable<KeyValuePair<string, string>> Fields(CreatePayment request, string tradeType, DateTimeOffset now)
    {
        var expires = request.ExpiresAt < now + ShortestLife ? now + ShortestLife : request.ExpiresAt;
        yield return new("body", Body(request.Subject, request.OutTradeNo));
        yield return new(WeChatWire.OutTradeNo, request.OutTradeNo);
        yield return new(WeChatWire.FeeType, Money.Currency);
        yield return new(WeChatWire.TotalFee, request.Amount.ToString(CultureInfo.InvariantCulture));
        yield return new("spbill_create_ip", Address(request.ClientIp) ?? UnknownAddress);
        yield return new("time_start", BeijingTime.WriteCompact(now));
        yield return new("time_expire", BeijingTime.WriteCompact(expires));
        yield return new("notify_url", request.NotifyUrl.AbsoluteUri);
        yield return new("trade_type", tradeType);
        switch (request.Method)
        {
            case PaymentMethod.Native:
                yield return new("product_id", request.OutTradeNo);
                break;
            case PaymentMethod.Jsapi:
                yield return new(WeChatWire.OpenId, request.OpenId ?? "");
                break;
            case PaymentMethod.H5:
                yield return new("scene_info", Scene(request.ReturnUrl));
                break;
        }
    }

    /// <summary>
    /// What the buyer reads. WeChat takes 128 of an unnamed unit, so bytes are counted; and what XML cannot carry, or would change
    /// on the way, would break the signature.
    /// </summary>
    /// <returns>The number when nothing is left.</returns>
    internal static string Body(string subject, string outTradeNo) =>
        ShortText.Bytes(subject, MaxBodyBytes) is { Length: > 0 } clean ? clean : outTradeNo;

    private static string Scene(Uri returnUrl) => JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, string>>
    {
        ["h5_info"] = new() { ["type"] = "Wap", ["wap_url"] = returnUrl.GetLeftPart(UriPartial.Authority), ["wap_name"] = returnUrl.Host },
    });

    private static string? Address(string? text) => !IPAddress.TryParse(text, out var address) ? null
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
