using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// What the payer sees next, made of the gateway's answer to an order. Pages inside WeChat and apps get a second signature of ours,
/// made with the merchant's own key: WeChat checks it before it opens the till.
/// </summary>
internal sealed class WeChatPayV3Prompt(WeChatPayV3Keys keys, DateTimeOffset now)
{
    private readonly string _timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
    private readonly string _nonce = RandomNumberGenerator.GetHexString(32);

    /// <returns>Null when the answer lacks what this product answers with.</returns>
    internal PaymentPrompt? Read(JsonElement answer, CreatePayment request) =>
        Of(answer, request) is { } prompt ? prompt with { GoodUntil = WeChatPromptLife.GoodUntil(request.Method, now) } : null;

    private PaymentPrompt? Of(JsonElement answer, CreatePayment request) => request.Method switch
    {
        PaymentMethod.Native => answer.Text("code_url") is { Length: > 0 } codeUrl ? PaymentPrompt.Qr(codeUrl) : null,
        PaymentMethod.H5 => answer.Text("h5_url") is { Length: > 0 } h5Url ? PaymentPrompt.Redirect(WithReturn(h5Url, request.ReturnUrl)) : null,
        PaymentMethod.Jsapi => answer.Text("prepay_id") is { Length: > 0 } prepayId ? PaymentPrompt.Jsapi(Jsapi(prepayId)) : null,
        PaymentMethod.App => answer.Text("prepay_id") is { Length: > 0 } prepayId ? PaymentPrompt.App(App(prepayId)) : null,
        PaymentMethod.Page or PaymentMethod.Wap or PaymentMethod.Precreate or PaymentMethod.Button => null,
    };

    /// <summary>For <c>WeixinJSBridge</c>. See https://pay.weixin.qq.com/doc/v3/merchant/4012791857.</summary>
    private Dictionary<string, string> Jsapi(string prepayId)
    {
        var package = $"prepay_id={prepayId}";
        return new()
        {
            ["appId"] = keys.AppId,
            ["timeStamp"] = _timestamp,
            ["nonceStr"] = _nonce,
            ["package"] = package,
            ["signType"] = "RSA",
            // The package value whole, name and all.
            ["paySign"] = Sign(package),
        };
    }

    /// <summary>For the wallet's SDK in an app. See https://pay.weixin.qq.com/doc/v3/merchant/4013070351.</summary>
    private Dictionary<string, string> App(string prepayId) => new()
    {
        ["appid"] = keys.AppId,
        ["partnerid"] = keys.MerchantId,
        ["prepayid"] = prepayId,
        ["package"] = "Sign=WXPay",
        ["noncestr"] = _nonce,
        ["timestamp"] = _timestamp,
        // The bare number.
        ["sign"] = Sign(prepayId),
    };

    private string Sign(string prepay) =>
        Convert.ToBase64String(keys.Merchant.Sign(WeChatPayV3Signature.PromptText(keys.AppId, _timestamp, _nonce, prepay)));

    /// <summary>Where WeChat's page sends the browser afterwards; without it the buyer stays on that page.</summary>
    private static string WithReturn(string h5Url, Uri returnUrl) =>
        $"{h5Url}{(h5Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}redirect_url={Uri.EscapeDataString(returnUrl.AbsoluteUri)}";
}
