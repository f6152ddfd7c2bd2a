using System.Globalization;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>secapi/pay/refund. Over plain HTTP nobody shows a certificate, so none is asked for here.</summary>
internal sealed class MakeWeChatV2Refund(MakeRefund make)
{
    public async Task<WeChatV2Answer> ExecuteAsync(WeChatV2Call call, CancellationToken cancellationToken)
    {
        if (call.Xml["transaction_id"] is not { } transaction || call.Xml["out_refund_no"] is not { Length: <= 64 } number
            || !long.TryParse(call.Xml["refund_fee"], NumberStyles.None, CultureInfo.InvariantCulture, out var fee) || call.Xml["total_fee"] is null)
        {
            return WeChatV2Answer.Error("PARAM_ERROR", "退款参数错误");
        }

        return await make.ExecuteAsync(call.Merchant, new RefundCall(transaction, number, fee), cancellationToken) switch
        {
            MadeRefund.Made made => Answer(made.Refund),
            MadeRefund.Repeated repeated => Answer(repeated.Refund),
            MadeRefund.NumberTaken => WeChatV2Answer.Error("ERROR", "订单金额或退款金额与之前请求不一致，请核实后再试"),
            MadeRefund.TooMuch => WeChatV2Answer.Error("INVALID_REQUEST", "申请退款金额大于订单可退金额"),
            MadeRefund.NotAllowed => WeChatV2Answer.Error("USER_ACCOUNT_ABNORMAL", "退款请求失败，用户帐户注销"),
            MadeRefund.NoBalance => WeChatV2Answer.Error("NOTENOUGH", "余额不足"),
            _ => WeChatV2Answer.NotExist,
        };
    }

    private WeChatV2Answer Answer(SandboxRefund refund) => make.IsSilent(refund)
        ? WeChatV2Answer.Error("SYSTEMERROR", "系统超时")
        : WeChatV2Answer.Ok(
            ("transaction_id", refund.Payment.TransactionId), ("out_trade_no", refund.Trade.OutTradeNo), ("out_refund_no", refund.OutRefundNo), ("refund_id", refund.RefundId),
            ("refund_fee", Number(refund.Amount)), ("total_fee", Number(refund.Payment.Amount)), ("cash_fee", Number(refund.Payment.Amount)));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
