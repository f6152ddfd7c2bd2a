namespace MerchantPortal.Sandbox.Trades;

/// <summary>The access token of an app: one is good at a time, the next one kills it.</summary>
public sealed class SandboxToken
{
    public required Guid MerchantId { get; init; }

    public required string Token { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The day, in Beijing, that <see cref="Fetches"/> counts.</summary>
    public required DateOnly Day { get; set; }

    public int Fetches { get; set; }
}
