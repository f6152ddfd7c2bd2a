using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>A channel whose gateway wants to be told that the buyer has what was paid for (发货通知), and else holds the merchant's money back.</summary>
public interface IDeliveryReporting
{
    /// <summary>Safe to repeat: the gateway takes the same report again.</summary>
    Task<DeliveryReportResult> ReportDeliveryAsync(DeliveredPayment payment, CancellationToken cancellationToken);
}

/// <param name="Message">A proven notification of the payment, as it arrived; null when none has.</param>
public sealed record DeliveredPayment(string OutTradeNo, string ChannelTransactionId, DateTimeOffset DeliveredAt, RawNotification? Message);

public abstract record DeliveryReportResult
{
    public sealed record Accepted : DeliveryReportResult;

    /// <summary>The gateway said no for good.</summary>
    public sealed record Refused(string Reason) : DeliveryReportResult;

    /// <summary>Cannot tell, or not yet; it is tried again later.</summary>
    public sealed record Unknown(string Reason) : DeliveryReportResult;
}
