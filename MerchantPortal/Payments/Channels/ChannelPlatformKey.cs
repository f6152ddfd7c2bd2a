using MerchantPortal.Data;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// A key of a gateway that was downloaded for an account. Old and new ones live side by side and stay: a callback that was stored
/// earlier is judged by the key of its day.
/// </summary>
public sealed class ChannelPlatformKey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>Names the key in the gateway's messages; one key per serial.</summary>
    public required string Serial { get; init; }

    /// <summary>PEM, sealed by <see cref="SecretBox"/>: public, but whoever can exchange it can forge payments.</summary>
    public required byte[] SealedCertificate { get; set; }

    /// <summary>What may be shown of it.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required DateTimeOffset DownloadedAt { get; init; }
}
