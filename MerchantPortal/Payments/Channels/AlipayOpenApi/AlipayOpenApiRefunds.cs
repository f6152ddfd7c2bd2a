using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// Refunds: asked for (alipay.trade.refund) and asked about (alipay.trade.fastpay.refund.query). The number counts once per trade;
/// a repeat moves nothing and says so with <c>fund_change=N</c>.
/// </summary>
internal sealed class AlipayOpenApiRefunds(AlipayOpenApiGateway gateway)
{
    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        var answer = await gateway.CallAsync(AlipayWire.Refund, AlipayOpenApiContent.Refund(request), notifyUrl: null, cancellationToken);
        return answer switch
        {
            AlipayOpenApiAnswer.Unproven unproven => new RefundResult.Unknown(unproven.Reason),
            AlipayOpenApiAnswer.Signed signed when !signed.IsAbout(request.OutTradeNo) => new RefundResult.Unknown("Alipay answered about another number."),
            // What it tells is the sum of all refunds, and N says that nothing moved by this call: the query tells of this one.
            AlipayOpenApiAnswer.Signed { Succeeded: true } => await QueryAsync(request, cancellationToken) is RefundResult.Told told ? told : new RefundResult.Processing(null),
            AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.BalanceNotEnough } signed => new RefundResult.Postponed(RefundFailures.BalanceTooSmall, signed.Describe()),
            AlipayOpenApiAnswer.Signed { SubCode: AlipayWire.DiscordantRepeat } signed => new RefundResult.Refused(RefundFailures.NumberTaken, signed.Describe()),
            AlipayOpenApiAnswer.Signed { IsUncertain: true } signed => new RefundResult.Unknown(signed.Describe()),
            AlipayOpenApiAnswer.Signed signed => new RefundResult.Refused(signed.SubCode is { Length: > 0 } code ? code : signed.Code, signed.Describe()),
            _ => throw new InvalidOperationException("An answer is either signed or not."),
        };
    }

    public async Task<RefundResult> QueryAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        var answer = await gateway.CallAsync(AlipayWire.RefundQuery, AlipayOpenApiContent.RefundNumber(request.ChannelTransactionId, request.RefundNo), notifyUrl: null, cancellationToken);
        return answer switch
        {
            AlipayOpenApiAnswer.Unproven unproven => new RefundResult.Unknown(unproven.Reason),
            AlipayOpenApiAnswer.Signed { Succeeded: true } signed => Read(signed, request),
            AlipayOpenApiAnswer.Signed signed => new RefundResult.Unknown(signed.Describe()),
            _ => throw new InvalidOperationException("An answer is either signed or not."),
        };
    }

    /// <summary>Success without a status means: not refunded, or not known.</summary>
    private static RefundResult Read(AlipayOpenApiAnswer.Signed signed, RefundRequest request) =>
        signed.Text("refund_status") is not { Length: > 0 } status ? new RefundResult.NotFound()
        : status != AlipayWire.RefundSuccess ? new RefundResult.Unknown($"Alipay told a refund_status that is not known: {status}")
        : signed.Text("out_request_no") != request.RefundNo || signed.Text("out_trade_no") != request.OutTradeNo
            ? new RefundResult.Unknown("Alipay answered about another refund.")
        : Money.ParseYuan(signed.Text("refund_amount")) is not { } amount ? new RefundResult.Unknown("Alipay told no amount that can be read exactly.")
        : amount != request.Amount ? new RefundResult.Refused(RefundFailures.NumberTaken, "Alipay has a refund of this number with another amount.")
        : new RefundResult.Told(new VerifiedNotification
        {
            Kind = NotificationKind.RefundSucceeded,
            Source = NotificationSource.Query,
            OutTradeNo = request.OutTradeNo,
            ChannelTransactionId = signed.Text("trade_no") is { Length: > 0 } number ? number : null,
            Amount = Money.ParseYuan(signed.Text("total_amount")),
            OccurredAt = BeijingTime.Read(signed.Text("gmt_refund_pay")),
            Refund = new RefundFact(request.RefundNo, ChannelRefundId: null, amount, TotalRefunded: null),
        });
}
