using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>
/// TRANSACTION.SUCCESS and REFUND.SUCCESS, sealed with the merchant's APIv3 key and signed by one of two live keys: first tries by the public key, later
/// ones by the certificate in turn, as during WeChat's own change-over; by the certificate alone for merchants who use only that.
/// </summary>
internal sealed class WeChatNotificationComposer(SandboxKeys keys, SandboxWriter writer, TimeProvider time) : INotificationComposer
{
    private static readonly TimeSpan Outdated = TimeSpan.FromMinutes(10);

    public string Channel => SandboxChannels.WeChat;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode is StatusCodes.Status200OK or StatusCodes.Status204NoContent;

    public async Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var body = Body(delivery);
        var key = await keys.GetAsync(await KeyOfAsync(delivery, cancellationToken), cancellationToken);
        var signing = delivery.Fault.Kind == FaultKind.WrongKey ? await keys.GetAsync(SandboxKeyName.Stranger, cancellationToken) : key;
        var sentAt = delivery.Fault.Kind == FaultKind.OldTimestamp ? time.GetUtcNow() - Outdated : time.GetUtcNow();
        var timestamp = sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(32);
        var signature = RsaSha256.Sign(signing.PrivateKey, $"{timestamp}\n{nonce}\n{body}\n");
        var bytes = Encoding.UTF8.GetBytes(body);
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            bytes[body.IndexOf("\"ciphertext\":\"", StringComparison.Ordinal) + 20] ^= 1;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Trade.NotifyUrl) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("Mozilla/4.0");
        request.Headers.Add("Wechatpay-Timestamp", timestamp);
        request.Headers.Add("Wechatpay-Nonce", nonce);
        request.Headers.Add("Wechatpay-Signature", signature);
        request.Headers.Add("Wechatpay-Serial", delivery.Fault.Kind == FaultKind.UnknownSerial ? new string('0', 40) : key.Serial);
        request.Headers.Add("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048");
        return request;
    }

    private async Task<SandboxKeyName> KeyOfAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var tries = await db.FindTriesAsync(delivery.Id, cancellationToken);
        return tries % 2 == 0 && !delivery.Trade.CertificateOnly ? SandboxKeyName.WeChatPublicKey : SandboxKeyName.WeChatCertificate;
    }

    private static string Body(SandboxDelivery delivery)
    {
        var (type, summary, content) = delivery.Refund is { } refund ? ("refund", "退款成功", WeChatRefundNotice.Content(delivery, refund)) : ("transaction", "支付成功", Paid(delivery));
        var resource = WeChatEnvelope.Seal(delivery.Trade.Merchant.ApiV3Key, WeChatWire.Bytes(content), type);
        resource["original_type"] = type;
        return WeChatWire.Text(new JsonObject
        {
            ["id"] = delivery.MessageId,
            ["create_time"] = Beijing.Rfc3339(delivery.CreatedAt),
            ["resource_type"] = "encrypt-resource",
            ["event_type"] = $"{type.ToUpperInvariant()}.{(delivery.Refund is null ? "SUCCESS" : WeChatRefundNotice.Status(delivery.Refund))}",
            ["summary"] = summary,
            ["resource"] = resource,
        });
    }

    private static JsonObject Paid(SandboxDelivery delivery)
    {
        var payment = delivery.Payment ?? throw new InvalidOperationException("WeChat Pay tells only of payments and refunds.");
        return WeChatWire.Transaction(delivery.Trade, payment, delivery.Fault.Kind == FaultKind.WrongAmount ? payment.Amount + 1 : payment.Amount);
    }
}
