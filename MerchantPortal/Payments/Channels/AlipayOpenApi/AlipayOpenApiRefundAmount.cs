using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// A notification of a refund tells the sum of all refunds so far. What this one's part of it is cannot be told from sums that come in another
/// order than the refunds were made; Alipay says it when it is asked by the refund's number.
/// </summary>
internal sealed class AlipayOpenApiRefundAmount(AlipayOpenApiGateway gateway, TimeProvider time)
{
    /// <summary>So long after a notification "not known" may be "not yet".</summary>
    private static readonly TimeSpan NotYet = TimeSpan.FromMinutes(10);

    public static bool IsMissing(VerifiedNotification claimed) =>
        claimed is { Kind: NotificationKind.RefundSucceeded, ChannelTransactionId.Length: > 0, Refund: { RefundNo.Length: > 0, Amount: null } };

    public async Task<Confirmation> AskAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        var (transactionId, refundNo) = (claimed.ChannelTransactionId ?? "", claimed.Refund?.RefundNo ?? "");
        var answer = await gateway.CallAsync(AlipayWire.RefundQuery, AlipayOpenApiContent.RefundNumber(transactionId, refundNo), notifyUrl: null, cancellationToken);
        return answer switch
        {
            AlipayOpenApiAnswer.Signed { Succeeded: true } signed when AmountOf(signed, transactionId, refundNo) is { } amount =>
                new Confirmation.Confirmed("Alipay has told the amount of this refund; the message tells the sum of all.")
                {
                    Completed = claimed with { Refund = claimed.Refund is { } fact ? fact with { Amount = amount } : null },
                },
            AlipayOpenApiAnswer.Unproven unproven => Untold(raw, unproven.Reason),
            AlipayOpenApiAnswer.Signed { Succeeded: true } => Untold(raw, "Alipay does not tell the amount of this refund."),
            AlipayOpenApiAnswer.Signed signed => Untold(raw, signed.Describe()),
            _ => throw new InvalidOperationException("An answer is either signed or not."),
        };
    }

    /// <summary>What cannot be asked about, not now and not later, is left to what the sum alone proves.</summary>
    private Confirmation Untold(RawNotification raw, string reason) =>
        time.GetUtcNow() - raw.ReceivedAt < NotYet ? new Confirmation.Unclear(reason) : new Confirmation.Confirmed($"{reason} The sum alone counts.");

    private static long? AmountOf(AlipayOpenApiAnswer.Signed signed, string transactionId, string refundNo) =>
        signed.Text("refund_status") == AlipayWire.RefundSuccess && signed.Text("out_request_no") == refundNo && signed.Text("trade_no") == transactionId
            ? Money.ParseYuan(signed.Text("refund_amount"))
            : null;
}
