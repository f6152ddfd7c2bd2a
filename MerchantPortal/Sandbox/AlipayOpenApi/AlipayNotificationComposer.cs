using System.Text;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>trade_status_sync as a signed form. The notify_id stays, time and signature are new in every try.</summary>
internal sealed class AlipayNotificationComposer(AlipaySigners signers, TimeProvider time) : INotificationComposer
{
    public string Channel => SandboxChannels.Alipay;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode == StatusCodes.Status200OK && answer == "success";

    public async Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var fields = Fields(delivery);
        var charset = delivery.Fault.Kind == FaultKind.Gbk ? FormBytes.Gbk : Encoding.UTF8;
        var key = delivery.Fault.Kind == FaultKind.WrongKey ? await signers.StrangerAsync(cancellationToken) : await signers.OfAsync(delivery.Trade.Merchant, cancellationToken);
        fields["sign"] = RsaSha256.Sign(key.PrivateKey, charset.GetBytes(AlipayWire.MessageText(fields)));
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            fields["buyer_id"] = $"{fields["buyer_id"][..^1]}8";
        }

        return new HttpRequestMessage(HttpMethod.Post, delivery.Trade.NotifyUrl) { Content = FormBytes.Of(fields, charset) };
    }

    private Dictionary<string, string> Fields(SandboxDelivery delivery)
    {
        var trade = delivery.Trade;
        var fields = new Dictionary<string, string>
        {
            ["notify_time"] = Beijing.Wall(time.GetUtcNow()),
            ["notify_type"] = "trade_status_sync",
            ["notify_id"] = delivery.MessageId,
            ["charset"] = delivery.Fault.Kind == FaultKind.Gbk ? "GBK" : "utf-8",
            ["version"] = "1.0",
            ["sign_type"] = "RSA2",
            ["app_id"] = trade.Merchant.AppId,
            ["auth_app_id"] = trade.Merchant.AppId,
            ["seller_id"] = trade.Merchant.MerchantNo,
            ["seller_email"] = "sandbox@example.com",
            ["buyer_id"] = SandboxNumbers.BuyerId,
            ["buyer_logon_id"] = "138****0000",
            ["out_trade_no"] = trade.OutTradeNo,
            ["subject"] = trade.Subject,
            ["gmt_create"] = Beijing.Wall(trade.OpenedAt ?? trade.CreatedAt),
            ["trade_no"] = delivery.Payment?.TransactionId ?? trade.TransactionId,
            ["trade_status"] = delivery.Event == DeliveryEvent.Closed || delivery.Refund?.TotalRefunded == trade.Amount ? "TRADE_CLOSED" : "TRADE_SUCCESS",
            ["total_amount"] = Money.ToYuan(delivery.Fault.Kind == FaultKind.WrongAmount ? trade.Amount + 1 : trade.Amount),
        };
        if (trade.Attach is { } attach)
        {
            fields["passback_params"] = attach;
        }

        if (delivery.Payment is { } payment)
        {
            AddPayment(fields, payment);
            AddRefund(fields, delivery.Refund);
        }
        else
        {
            fields["gmt_close"] = Beijing.Wall(trade.ClosedAt ?? delivery.CreatedAt);
        }

        return fields;
    }

    /// <summary>A refund comes as a message of the payment, with the sum of all refunds so far.</summary>
    private static void AddRefund(Dictionary<string, string> fields, SandboxRefund? refund)
    {
        if (refund is not null)
        {
            fields["gmt_refund"] = $"{Beijing.Wall(refund.RefundedAt)}.000";
            fields["refund_fee"] = Money.ToYuan(refund.TotalRefunded);
            fields["out_biz_no"] = refund.OutRefundNo;
        }
    }

    private static void AddPayment(Dictionary<string, string> fields, SandboxPayment payment)
    {
        var total = fields["total_amount"];
        fields["gmt_payment"] = Beijing.Wall(payment.PaidAt);
        fields["receipt_amount"] = total;
        fields["invoice_amount"] = total;
        fields["buyer_pay_amount"] = total;
        fields["point_amount"] = "0.00";
        fields["fund_bill_list"] = $"[{{\"amount\":\"{total}\",\"fundChannel\":\"ALIPAYACCOUNT\"}}]";
    }
}
