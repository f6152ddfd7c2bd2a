using System.Globalization;
using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>
/// What the payer's side gets. For app and page script the few fields that start the wallet are signed once more; a digest that
/// leaves the key out, as some examples do, would let anybody make one.
/// </summary>
internal sealed class WeChatPayV2Prompt(WeChatPayV2Account account, TimeProvider time)
{
    /// <returns>Null when the answer lacks what the method needs.</returns>
    public PaymentPrompt? Of(FlatXml answer, CreatePayment request) =>
        Read(answer, request) is { } prompt ? prompt with { GoodUntil = WeChatPromptLife.GoodUntil(request.Method, time.GetUtcNow()) } : null;

    private PaymentPrompt? Read(FlatXml answer, CreatePayment request) => request.Method switch
    {
        PaymentMethod.Native => answer["code_url"] is { } code ? PaymentPrompt.Qr(code) : null,
        PaymentMethod.H5 => answer["mweb_url"] is { } url ? PaymentPrompt.Redirect(WithReturn(url, request.ReturnUrl)) : null,
        PaymentMethod.Jsapi => answer["prepay_id"] is { } id ? PaymentPrompt.Jsapi(ForPage(id, Nonce(), Seconds())) : null,
        PaymentMethod.App => answer["prepay_id"] is { } id ? PaymentPrompt.App(ForApp(id, Nonce(), Seconds())) : null,
        PaymentMethod.Page or PaymentMethod.Wap or PaymentMethod.Precreate or PaymentMethod.Button => null,
    };

    /// <summary>For the wallet's SDK: all names in lower case.</summary>
    internal Dictionary<string, string> ForApp(string prepayId, string nonce, string seconds)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["appid"] = account.AppId,
            ["partnerid"] = account.MerchantId,
            ["prepayid"] = prepayId,
            ["package"] = "Sign=WXPay",
            ["noncestr"] = nonce,
            ["timestamp"] = seconds,
        };
        fields["sign"] = account.Digest.Sign(SortedFields.Text(fields));
        return fields;
    }

    /// <summary>For the script of WeChat's browser: names in camel case, which the byte order sorts before lower case.</summary>
    internal Dictionary<string, string> ForPage(string prepayId, string nonce, string seconds)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["appId"] = account.AppId,
            ["timeStamp"] = seconds,
            ["nonceStr"] = nonce,
            ["package"] = $"prepay_id={prepayId}",
            ["signType"] = account.SignType,
        };
        fields["paySign"] = account.Digest.Sign(SortedFields.Text(fields));
        return fields;
    }

    internal static string Nonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string WithReturn(string url, Uri returnUrl) =>
        $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}redirect_url={Uri.EscapeDataString(returnUrl.AbsoluteUri)}";

    private string Seconds() => time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
