namespace MerchantPortal.Payments.Channels;

/// <summary>A channel whose gateway changes the keys that it signs with by itself, and hands out the new ones to whoever asks.</summary>
public interface IPlatformKeySource : IPaymentChannel
{
    /// <summary>False where the account holds only keys that the gateway never changes, and has nothing to hand out.</summary>
    bool DownloadsKeys { get; }

    /// <summary>Asks the gateway for its keys of today. Nothing is kept by the channel itself.</summary>
    Task<KeyDownload> DownloadKeysAsync(CancellationToken cancellationToken);
}

/// <summary>What came of asking a gateway for its keys.</summary>
public abstract record KeyDownload
{
    /// <summary>Proven to be the gateway's own.</summary>
    public sealed record Downloaded(IReadOnlyList<PlatformCertificate> Certificates) : KeyDownload;

    /// <param name="Reason">Why nothing was believed, in English, for staff.</param>
    public sealed record Failed(string Reason) : KeyDownload;
}

/// <summary>A key that a gateway signs with. Public by nature.</summary>
/// <param name="Pem">The certificate.</param>
/// <param name="Fingerprint">Of its key.</param>
public sealed record PlatformCertificate(string Serial, string Pem, string Fingerprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
