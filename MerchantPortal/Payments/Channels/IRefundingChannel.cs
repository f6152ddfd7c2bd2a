namespace MerchantPortal.Payments.Channels;

/// <summary>A channel whose gateway gives money back when it is asked to.</summary>
public interface IRefundingChannel : IPaymentChannel
{
    /// <returns>Why this account cannot give such a payment back by a call, a <see cref="Refunds.RefundFailures"/> code; null when it can.</returns>
    string? RefundObstacle(PaymentMethod method);

    /// <summary>Asks for the refund. Safe to repeat with the same number and amount: the money goes back once.</summary>
    Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken);

    /// <summary>Asks how the refund of this number stands.</summary>
    Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken);
}

/// <summary>What a gateway is told to give back. Amounts are 分.</summary>
/// <param name="ChannelTransactionId">The very payment that is meant.</param>
/// <param name="RefundNo">Our number: one per intent, the same in every repeat.</param>
/// <param name="PaymentAmount">What the payment had brought.</param>
/// <param name="Reason">What the buyer may be shown; empty for none.</param>
/// <param name="NotifyUrl">Where the gateway posts its notification; no query string.</param>
public sealed record RefundRequest(
    string OutTradeNo, string ChannelTransactionId, string RefundNo, long Amount, long PaymentAmount, string Reason, Uri NotifyUrl);
