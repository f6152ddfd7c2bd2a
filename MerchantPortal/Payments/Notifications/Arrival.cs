using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A proven message that has just come and is still to be booked.</summary>
internal sealed record Arrival(OpenAccount Account, RawNotification Raw, Proof.Genuine Genuine, AttemptBy By)
{
    public VerifiedNotification Message => Genuine.Notification;

    /// <summary>Whether it may be the first word of a payment: the common case, which can be booked together with others of its kind.</summary>
    public bool IsPlainPayment =>
        Message is { Kind: NotificationKind.PaymentSucceeded, Subscription: null, OwesDeliveryReport: false, OutTradeNo.Length: > 0, ChannelTransactionId.Length: > 0 };
}
