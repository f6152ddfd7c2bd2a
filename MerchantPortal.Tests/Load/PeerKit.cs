using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// N3: how kits for these gateways usually read a notification, written by us. The key is imported anew for each message; texts are joined
/// as strings; the form goes into a dictionary, by way of JSON into an object, and is sorted; the JSON is deserialised whole, and after decryption
/// once more. It checks the signature and nothing else.
/// </summary>
internal sealed class PeerKit(string publicKeyPem, string? apiV3Key = null)
{
    public PeerKit(WeChatPlatform platform)
        : this(platform.PublicKeyPem, platform.ApiV3Key)
    {
    }

    /// <returns>The merchant's number and the gateway's.</returns>
    /// <exception cref="CryptographicException">The signature is wrong.</exception>
    public (string? OutTradeNo, string? Transaction) Read(RawNotification raw) => apiV3Key is null ? ReadForm(raw) : ReadEnvelope(raw, apiV3Key);

    private (string? OutTradeNo, string? Transaction) ReadEnvelope(RawNotification raw, string key)
    {
        var body = Encoding.UTF8.GetString(raw.Body.Span);
        Check($"{raw.Headers["wechatpay-timestamp"]}\n{raw.Headers["wechatpay-nonce"]}\n{body}\n", raw.Headers["wechatpay-signature"]);
        var notice = JsonSerializer.Deserialize<Notice>(body);
        var resource = notice?.Resource ?? throw new JsonException();
        var cipher = Convert.FromBase64String(resource.Ciphertext);
        var plain = new byte[cipher.Length - 16];
        using var aes = new AesGcm(Encoding.UTF8.GetBytes(key), 16);
        aes.Decrypt(Encoding.UTF8.GetBytes(resource.Nonce), cipher.AsSpan(..^16), cipher.AsSpan(^16..), plain, Encoding.UTF8.GetBytes(resource.AssociatedData));
        var transaction = JsonSerializer.Deserialize<Transaction>(Encoding.UTF8.GetString(plain));
        return (transaction?.OutTradeNo, transaction?.TransactionId);
    }

    private (string? OutTradeNo, string? Transaction) ReadForm(RawNotification raw)
    {
        var fields = new Dictionary<string, string>();
        foreach (var pair in Encoding.UTF8.GetString(raw.Body.Span).Split('&'))
        {
            var parts = pair.Split('=', 2);
            fields[WebUtility.UrlDecode(parts[0])] = WebUtility.UrlDecode(parts[1]);
        }

        var trade = JsonSerializer.Deserialize<Trade>(JsonSerializer.Serialize(fields));
        var sign = fields["sign"];
        fields.Remove("sign");
        fields.Remove("sign_type");
        var text = new StringBuilder();
        foreach (var (name, value) in new SortedDictionary<string, string>(fields, StringComparer.Ordinal))
        {
            text.Append(name).Append('=').Append(value).Append('&');
        }

        Check(text.ToString(0, text.Length - 1), sign);
        return (trade?.OutTradeNo, trade?.TradeNo);
    }

    private void Check(string text, string signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKeyPem);
        if (!rsa.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new CryptographicException("Bad signature.");
        }
    }

    private sealed record Notice(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("create_time")] string CreateTime,
        [property: JsonPropertyName("resource_type")] string ResourceType,
        [property: JsonPropertyName("event_type")] string EventType,
        [property: JsonPropertyName("summary")] string Summary,
        [property: JsonPropertyName("resource")] Resource Resource);

    private sealed record Resource(
        [property: JsonPropertyName("original_type")] string OriginalType,
        [property: JsonPropertyName("algorithm")] string Algorithm,
        [property: JsonPropertyName("ciphertext")] string Ciphertext,
        [property: JsonPropertyName("associated_data")] string AssociatedData,
        [property: JsonPropertyName("nonce")] string Nonce);

    private sealed record Transaction(
        [property: JsonPropertyName("mchid")] string MchId,
        [property: JsonPropertyName("appid")] string AppId,
        [property: JsonPropertyName("out_trade_no")] string OutTradeNo,
        [property: JsonPropertyName("transaction_id")] string TransactionId,
        [property: JsonPropertyName("trade_type")] string TradeType,
        [property: JsonPropertyName("trade_state")] string TradeState,
        [property: JsonPropertyName("trade_state_desc")] string TradeStateDesc,
        [property: JsonPropertyName("bank_type")] string BankType,
        [property: JsonPropertyName("attach")] string Attach,
        [property: JsonPropertyName("success_time")] string SuccessTime,
        [property: JsonPropertyName("payer")] Payer Payer,
        [property: JsonPropertyName("amount")] Amount Amount);

    private sealed record Payer([property: JsonPropertyName("openid")] string OpenId);

    private sealed record Amount(
        [property: JsonPropertyName("total")] int Total,
        [property: JsonPropertyName("payer_total")] int PayerTotal,
        [property: JsonPropertyName("currency")] string Currency,
        [property: JsonPropertyName("payer_currency")] string PayerCurrency);

    private sealed record Trade(
        [property: JsonPropertyName("notify_time")] string NotifyTime,
        [property: JsonPropertyName("notify_type")] string NotifyType,
        [property: JsonPropertyName("notify_id")] string NotifyId,
        [property: JsonPropertyName("app_id")] string AppId,
        [property: JsonPropertyName("auth_app_id")] string AuthAppId,
        [property: JsonPropertyName("charset")] string Charset,
        [property: JsonPropertyName("version")] string Version,
        [property: JsonPropertyName("sign_type")] string SignType,
        [property: JsonPropertyName("sign")] string Sign,
        [property: JsonPropertyName("trade_no")] string TradeNo,
        [property: JsonPropertyName("out_trade_no")] string OutTradeNo,
        [property: JsonPropertyName("buyer_id")] string BuyerId,
        [property: JsonPropertyName("buyer_logon_id")] string BuyerLogonId,
        [property: JsonPropertyName("seller_id")] string SellerId,
        [property: JsonPropertyName("trade_status")] string TradeStatus,
        [property: JsonPropertyName("total_amount")] string TotalAmount,
        [property: JsonPropertyName("receipt_amount")] string ReceiptAmount,
        [property: JsonPropertyName("invoice_amount")] string InvoiceAmount,
        [property: JsonPropertyName("buyer_pay_amount")] string BuyerPayAmount,
        [property: JsonPropertyName("point_amount")] string PointAmount,
        [property: JsonPropertyName("subject")] string Subject,
        [property: JsonPropertyName("body")] string Body,
        [property: JsonPropertyName("gmt_create")] string GmtCreate,
        [property: JsonPropertyName("gmt_payment")] string GmtPayment,
        [property: JsonPropertyName("fund_bill_list")] string FundBillList);
}
