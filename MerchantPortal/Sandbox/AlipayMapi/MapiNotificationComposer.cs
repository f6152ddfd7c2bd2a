using System.Text;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>trade_status_sync as a signed form. The notify_id stays, time and signature are new in every try.</summary>
internal sealed class MapiNotificationComposer(MapiSigners signers, SentNotifyIds sent, TimeProvider time) : INotificationComposer
{
    public string Channel => SandboxChannels.AlipayMapi;

    public bool IsAcknowledged(int statusCode, string answer) => statusCode == StatusCodes.Status200OK && answer == "success";

    public async Task<HttpRequestMessage> ComposeAsync(SandboxDelivery delivery, CancellationToken cancellationToken)
    {
        var merchant = delivery.Trade.Merchant;
        var charset = delivery.Fault.Kind == FaultKind.Gbk ? FormBytes.Gbk : Encoding.UTF8;
        var fields = Fields(delivery);
        fields["sign"] = await signers.SignAsync(merchant, charset.GetBytes(MapiWire.Text(fields)), delivery.Fault.Kind == FaultKind.WrongKey, cancellationToken);
        fields[MapiWire.SignType] = MapiSigners.TypeOf(merchant);
        if (delivery.Fault.Kind == FaultKind.Tamper)
        {
            fields["buyer_id"] = $"{fields["buyer_id"][..^1]}8";
        }

        sent.Sent(merchant.MerchantNo, delivery.MessageId);
        return new HttpRequestMessage(HttpMethod.Post, delivery.Trade.NotifyUrl) { Content = FormBytes.Of(fields, charset) };
    }

    private Dictionary<string, string> Fields(SandboxDelivery delivery)
    {
        var trade = delivery.Trade;
        var total = Money.ToYuan(delivery.Fault.Kind == FaultKind.WrongAmount ? trade.Amount + 1 : trade.Amount);
        var fields = new Dictionary<string, string>
        {
            ["discount"] = "0.00",
            ["payment_type"] = "1",
            ["subject"] = trade.Subject,
            ["trade_no"] = delivery.Payment?.TransactionId ?? trade.TransactionId,
            ["buyer_email"] = "138****0000",
            ["gmt_create"] = Beijing.Wall(trade.OpenedAt ?? trade.CreatedAt),
            ["notify_type"] = "trade_status_sync",
            ["quantity"] = "1",
            ["out_trade_no"] = trade.OutTradeNo,
            ["seller_id"] = trade.Merchant.MerchantNo,
            ["notify_time"] = Beijing.Wall(time.GetUtcNow()),
            ["trade_status"] = delivery.Event == DeliveryEvent.Closed || delivery.Refund?.TotalRefunded == trade.Amount ? "TRADE_CLOSED" : "TRADE_SUCCESS",
            ["is_total_fee_adjust"] = "N",
            ["total_fee"] = total,
            ["seller_email"] = MapiWire.SellerEmail,
            ["price"] = total,
            ["buyer_id"] = SandboxNumbers.BuyerId,
            ["notify_id"] = delivery.MessageId,
            ["use_coupon"] = "N",
        };
        if (trade.Attach is { } attach)
        {
            fields["extra_common_param"] = attach;
        }

        fields[delivery.Payment is null ? "gmt_close" : "gmt_payment"] = Beijing.Wall(delivery.Payment?.PaidAt ?? trade.ClosedAt ?? delivery.CreatedAt);
        if (delivery.Refund is { } refund)
        {
            // Of how much was given back the message says nothing.
            fields["refund_status"] = "REFUND_SUCCESS";
            fields["gmt_refund"] = Beijing.Wall(refund.RefundedAt);
        }

        return fields;
    }
}
