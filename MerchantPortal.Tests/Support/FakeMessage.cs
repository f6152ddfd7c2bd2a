using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Support;

/// <summary>The body of a fake notification. Change it with <c>with</c> to forge one that is signed well and says something else.</summary>
public sealed record FakeMessage(NotificationKind Kind, string? OutTradeNo, string? TransactionId, long? Amount)
{
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    public string? Currency { get; init; } = Money.Currency;

    public string? AppId { get; init; } = FakeGateway.AppId;

    public string? MerchantId { get; init; } = FakeGateway.MerchantId;

    public DateTimeOffset? OccurredAt { get; init; }

    public string? Payer { get; init; }

    public string? RefundNo { get; init; }

    public string? RefundId { get; init; }

    public long? RefundAmount { get; init; }
}
