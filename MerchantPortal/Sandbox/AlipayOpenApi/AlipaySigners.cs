using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>With which key Alipay speaks to a merchant.</summary>
internal sealed class AlipaySigners(SandboxKeys keys)
{
    public Task<SandboxKey> OfAsync(SandboxMerchant merchant, CancellationToken cancellationToken) =>
        keys.GetAsync(merchant.IsInCertificateMode() ? SandboxKeyName.AlipayCertificate : SandboxKeyName.Alipay, cancellationToken);

    public Task<SandboxKey> StrangerAsync(CancellationToken cancellationToken) => keys.GetAsync(SandboxKeyName.Stranger, cancellationToken);
}

internal static class AlipayMerchants
{
    /// <summary>The number of the merchant's certificate, and the mark that there is one.</summary>
    public const string AppCertificateNumber = "app_cert_sn";

    public const string RootCertificateNumber = "alipay_root_cert_sn";

    public static bool IsInCertificateMode(this SandboxMerchant merchant) => merchant.Secrets.ContainsKey(AppCertificateNumber);
}
