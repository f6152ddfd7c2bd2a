using System.Globalization;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>What is asked of the gateway: one order form for all products, each with a part of its own.</summary>
internal static class WeChatPayV3Order
{
    private const int MaxDescriptionLength = 127;
    private const int MaxOpenIdLength = 128;

    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <returns>The product's part of the address; null for a method that the gateway does not have.</returns>
    internal static string? Product(PaymentMethod method) => method switch
    {
        PaymentMethod.Native => "native",
        PaymentMethod.H5 => "h5",
        PaymentMethod.Jsapi => "jsapi",
        PaymentMethod.App => "app",
        PaymentMethod.Page or PaymentMethod.Wap or PaymentMethod.Precreate or PaymentMethod.Button => null,
    };

    /// <returns>Null when the request has all that its product needs.</returns>
    internal static CreateResult.Refused? Refusal(CreatePayment request) =>
        Product(request.Method) is null ? new("method_not_supported", $"WeChat Pay v3 has no {request.Method} payments.")
        : request.Method == PaymentMethod.Jsapi && request.OpenId is not { Length: > 0 and <= MaxOpenIdLength }
            ? new("openid_missing", "JSAPI payments need the payer's openid.")
        : request.Method == PaymentMethod.H5 && string.IsNullOrEmpty(request.ClientIp) ? new("client_ip_missing", "H5 payments need the payer's IP address.")
        : null;

    internal static byte[] Body(CreatePayment request, WeChatPayV3Keys keys) => JsonSerializer.SerializeToUtf8Bytes(
        new OrderMessage(
            keys.AppId,
            keys.MerchantId,
            Shorten(request.Subject),
            request.OutTradeNo,
            request.ExpiresAt.ToOffset(Beijing).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            request.NotifyUrl.AbsoluteUri,
            new(request.Amount, Money.Currency),
            request.ClientIp is { Length: > 0 } ip ? new(ip, request.Method == PaymentMethod.H5 ? new("Wap") : null) : null,
            request.Method == PaymentMethod.Jsapi && request.OpenId is { } openId ? new(openId) : null),
        WeChatPayV3Json.Default.OrderMessage);

    /// <summary>Never cuts a character outside the basic plane in two.</summary>
    private static string Shorten(string subject) => subject.Length <= MaxDescriptionLength ? subject
        : subject[..(char.IsHighSurrogate(subject[MaxDescriptionLength - 1]) ? MaxDescriptionLength - 1 : MaxDescriptionLength)];
}
