using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>Every platform certificate that has not ended, each sealed for the merchant who asks.</summary>
internal sealed class ListWeChatCertificates(SandboxKeys keys)
{
    public async Task<WeChatAnswer> ExecuteAsync(SandboxMerchant merchant, CancellationToken cancellationToken)
    {
        var certificates = await keys.AllAsync(SandboxKeyName.WeChatCertificate, cancellationToken);
        return WeChatAnswer.Ok(new JsonObject { ["data"] = new JsonArray([.. certificates.Select(key => Describe(key, merchant))]) });
    }

    private static JsonObject Describe(SandboxKey key, SandboxMerchant merchant)
    {
        using var certificate = X509Certificate2.CreateFromPem(key.PublicPart);
        return new JsonObject
        {
            ["serial_no"] = key.Serial,
            ["effective_time"] = Beijing.Rfc3339(certificate.NotBefore.ToUniversalTime()),
            ["expire_time"] = Beijing.Rfc3339(certificate.NotAfter.ToUniversalTime()),
            ["encrypt_certificate"] = WeChatEnvelope.Seal(merchant.ApiV3Key, Encoding.ASCII.GetBytes(key.PublicPart), "certificate"),
        };
    }
}
