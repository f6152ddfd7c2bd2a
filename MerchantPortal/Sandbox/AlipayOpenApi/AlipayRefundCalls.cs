using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>alipay.trade.refund and alipay.trade.fastpay.refund.query.</summary>
internal sealed class AlipayRefundCalls(MakeRefund make, SandboxWriter writer)
{
    /// <returns>Null: no answer at all.</returns>
    public async Task<AlipayAnswer?> RefundAsync(AlipayCall call, CancellationToken cancellationToken)
    {
        var (trade, number) = (call.Text("trade_no"), call.Text("out_request_no"));
        if (trade is null || number is not { Length: <= 64 } || call.Amount("refund_amount") is not { } amount)
        {
            return AlipayAnswer.Failed("ACQ.INVALID_PARAMETER", "参数无效");
        }

        return await make.ExecuteAsync(call.Merchant, new RefundCall(trade, number, amount), cancellationToken) switch
        {
            MadeRefund.Made made => make.IsSilent(made.Refund) ? null : await AnswerAsync(call, made.Refund, make.HasEnded(made.Refund), cancellationToken),
            MadeRefund.Repeated repeated => make.IsSilent(repeated.Refund) ? null : await AnswerAsync(call, repeated.Refund, false, cancellationToken),
            MadeRefund.NumberTaken => AlipayAnswer.Failed("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致"),
            MadeRefund.TooMuch => AlipayAnswer.Failed("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限"),
            MadeRefund.NotAllowed => AlipayAnswer.Failed("ACQ.TRADE_NOT_ALLOW_REFUND", "当前交易不允许退款"),
            MadeRefund.NoBalance => AlipayAnswer.Failed("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"),
            _ => AlipayAnswer.NotExist,
        };
    }

    /// <summary>Success without a status says: not refunded, or not known.</summary>
    public async Task<AlipayAnswer> QueryAsync(AlipayCall call, CancellationToken cancellationToken)
    {
        var refund = await make.FindAsync(call.Merchant, call.Text("out_request_no") ?? "", cancellationToken);
        return refund is null || refund.Payment.TransactionId != call.Text("trade_no") || !make.HasEnded(refund) ? AlipayAnswer.Ok() : AlipayAnswer.Ok(
            ("trade_no", refund.Payment.TransactionId), ("out_trade_no", refund.Trade.OutTradeNo), ("out_request_no", refund.OutRefundNo),
            ("total_amount", Money.ToYuan(refund.Payment.Amount)), ("refund_amount", Money.ToYuan(refund.Amount)), ("refund_status", "REFUND_SUCCESS"),
            ("gmt_refund_pay", Beijing.Wall(refund.RefundedAt)));
    }

    /// <param name="moved">Whether money has moved by this very call.</param>
    private async Task<AlipayAnswer> AnswerAsync(AlipayCall call, SandboxRefund refund, bool moved, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var trade = await db.FindTradeByTransactionAsync(call.Merchant, refund.Payment.TransactionId, cancellationToken);
        return AlipayAnswer.Ok(
            ("trade_no", refund.Payment.TransactionId), ("out_trade_no", refund.Trade.OutTradeNo), ("buyer_logon_id", "138****0000"), ("fund_change", moved ? "Y" : "N"),
            ("refund_fee", Money.ToYuan(trade?.GivenBack ?? refund.Amount)), ("gmt_refund_pay", Beijing.Wall(refund.RefundedAt)));
    }
}
