namespace MerchantPortal.Sandbox.Trades;

/// <summary>The merchant's word that the buyer has what was paid for.</summary>
public sealed class SandboxDeliveryReport
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid TradeId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool Delivered { get; init; }

    public required string Message { get; init; }
}
