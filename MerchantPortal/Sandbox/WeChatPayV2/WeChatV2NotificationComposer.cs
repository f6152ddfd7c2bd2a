using System.Globalization;
using System.Net.Http.Headers;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>Payments signed with the shared key, by the algorithm of their order; refunds sealed with it and not signed at all. Every try has the same content.</summary>
internal sealed class WeChatV2NotificationComposer : INotificationComposer
{
    public string Channel => SandboxChannels.WeChatV2;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode == StatusCodes.Status200OK
        && FlatXml.Read(System.Text.Encoding.UTF8.GetBytes(answer), WeChatV2Wire.Root) is FlatXmlResult.Parsed(var xml) && xml["return_code"] == "SUCCESS";

    public Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Trade.NotifyUrl)
        {
            Content = new ByteArrayContent(WeChatV2Wire.Xml(delivery.Refund is { } refund ? OfRefund(delivery, refund) : OfPayment(delivery))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
        request.Headers.UserAgent.ParseAdd("Mozilla/4.0");
        return Task.FromResult(request);
    }

    private static List<KeyValuePair<string, string>> OfPayment(SandboxDelivery delivery)
    {
        var trade = delivery.Trade;
        var payment = delivery.Payment ?? throw new InvalidOperationException("WeChat Pay tells only of payments and refunds.");
        var total = delivery.Fault.Kind == FaultKind.WrongAmount ? payment.Amount + 1 : payment.Amount;
        List<KeyValuePair<string, string>> fields =
        [
            new("return_code", "SUCCESS"), new("result_code", "SUCCESS"), new("appid", trade.Merchant.AppId), new("mch_id", trade.Merchant.MerchantNo),
            new("nonce_str", delivery.Id.ToString("N")), .. WeChatV2Facts.Payment(trade, payment, total),
        ];
        fields.Add(new("sign", WeChatV2Wire.Sign(fields, trade.SignType ?? WeChatV2Wire.Md5, KeyOf(delivery))));
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            var index = fields.FindIndex(field => field.Key == "openid");
            fields[index] = new("openid", $"{fields[index].Value[..^1]}0");
        }

        return fields;
    }

    private static List<KeyValuePair<string, string>> OfRefund(SandboxDelivery delivery, SandboxRefund refund)
    {
        var trade = delivery.Trade;
        var payment = delivery.Payment ?? throw new InvalidOperationException("A refund belongs to a payment.");
        var amount = delivery.Fault.Kind == FaultKind.WrongAmount ? refund.Amount + 1 : refund.Amount;
        var sealedBytes = WeChatV2Wire.Seal(
        [
            new("out_refund_no", refund.OutRefundNo), new("out_trade_no", trade.OutTradeNo), new("refund_account", "REFUND_SOURCE_RECHARGE_FUNDS"),
            new("refund_fee", amount.ToString(CultureInfo.InvariantCulture)), new("refund_id", refund.RefundId), new("refund_recv_accout", "支付用户零钱"),
            new("refund_request_source", "VENDOR_PLATFORM"), new("refund_status", WeChatV2Facts.Status(refund)), new("settlement_refund_fee", amount.ToString(CultureInfo.InvariantCulture)),
            new("settlement_total_fee", payment.Amount.ToString(CultureInfo.InvariantCulture)), new("success_time", Beijing.Wall(refund.RefundedAt)),
            new("total_fee", payment.Amount.ToString(CultureInfo.InvariantCulture)), new("transaction_id", payment.TransactionId),
        ], KeyOf(delivery));
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            sealedBytes[^1] ^= 1;
        }

        return
        [
            new("return_code", "SUCCESS"), new("appid", trade.Merchant.AppId), new("mch_id", trade.Merchant.MerchantNo),
            new("nonce_str", delivery.Id.ToString("N")), new("req_info", Convert.ToBase64String(sealedBytes)),
        ];
    }

    private static string KeyOf(SandboxDelivery delivery) =>
        delivery.Fault.Kind == FaultKind.WrongKey ? SandboxNumbers.Key() : delivery.Trade.Merchant.Secrets[WeChatV2Wire.Key];
}
