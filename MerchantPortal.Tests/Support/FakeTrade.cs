using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Support;

/// <summary>What the fake gateway knows of one of our numbers.</summary>
public sealed class FakeTrade(string outTradeNo, long amount)
{
    public NotificationKind Kind { get; set; } = NotificationKind.PaymentPending;

    public string? TransactionId { get; set; }

    public DateTimeOffset? OccurredAt { get; set; }

    public FakeMessage ToMessage() => new(Kind, outTradeNo, TransactionId, amount) { OccurredAt = OccurredAt };
}
