using System.Globalization;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>The fields that tell of a trade, the same in notifications and answers.</summary>
internal static class WeChatV2Facts
{
    public static IEnumerable<KeyValuePair<string, string>> State(SandboxTrade trade)
    {
        var (wire, words) = trade.State switch
        {
            TradeState.Waiting => ("NOTPAY", "订单未支付"),
            TradeState.Paid when trade.Refunds.Count > 0 => ("REFUND", "转入退款"),
            TradeState.Paid => ("SUCCESS", "支付成功"),
            TradeState.Closed => ("CLOSED", "订单已关闭"),
        };
        return [new("trade_state", wire), new("trade_state_desc", words)];
    }

    public static string Status(SandboxRefund refund) => refund.EndsAs switch
    {
        SandboxRefundEnd.Succeeded => "SUCCESS",
        SandboxRefundEnd.Abnormal => "CHANGE",
        SandboxRefundEnd.Closed => "REFUNDCLOSE",
    };

    /// <param name="payment">Null while nobody has paid.</param>
    /// <param name="total">分; what the message claims.</param>
    public static IEnumerable<KeyValuePair<string, string>> Payment(SandboxTrade trade, SandboxPayment? payment, long total)
    {
        yield return new("out_trade_no", trade.OutTradeNo);
        yield return new("attach", trade.Attach ?? "");
        yield return new("total_fee", total.ToString(CultureInfo.InvariantCulture));
        yield return new("fee_type", "CNY");
        if (payment is not null)
        {
            yield return new("trade_type", WeChatV2Wire.TradeType(trade.Product));
            yield return new("openid", SandboxNumbers.OpenId);
            yield return new("is_subscribe", "N");
            yield return new("bank_type", "OTHERS");
            yield return new("cash_fee", total.ToString(CultureInfo.InvariantCulture));
            yield return new("transaction_id", payment.TransactionId);
            yield return new("time_end", Beijing.Compact(payment.PaidAt));
        }
    }
}
