namespace MerchantPortal.Data;

/// <summary>One key of the cookie key ring, encrypted with the master key. Losing it signs people out, nothing more.</summary>
public sealed class DataProtectionKeyRow
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string FriendlyName { get; init; }

    public required string Xml { get; set; }
}
