using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>What REFUND.SUCCESS, REFUND.ABNORMAL and REFUND.CLOSED say.</summary>
internal static class WeChatRefundNotice
{
    public static string Status(SandboxRefund refund) => refund.EndsAs switch
    {
        SandboxRefundEnd.Succeeded => "SUCCESS",
        SandboxRefundEnd.Abnormal => "ABNORMAL",
        SandboxRefundEnd.Closed => "CLOSED",
    };

    public static JsonObject Content(SandboxDelivery delivery, SandboxRefund refund)
    {
        var payment = delivery.Payment ?? throw new InvalidOperationException("A refund belongs to a payment.");
        var total = delivery.Fault.Kind == FaultKind.WrongAmount ? payment.Amount + 1 : payment.Amount;
        return new JsonObject
        {
            ["mchid"] = delivery.Trade.Merchant.MerchantNo,
            ["out_trade_no"] = delivery.Trade.OutTradeNo,
            ["transaction_id"] = payment.TransactionId,
            ["out_refund_no"] = refund.OutRefundNo,
            ["refund_id"] = refund.RefundId,
            ["refund_status"] = Status(refund),
            ["success_time"] = Beijing.Rfc3339(refund.RefundedAt),
            ["user_received_account"] = "支付用户零钱",
            ["amount"] = new JsonObject { ["total"] = total, ["refund"] = refund.Amount, ["payer_total"] = total, ["payer_refund"] = refund.Amount },
        };
    }
}
