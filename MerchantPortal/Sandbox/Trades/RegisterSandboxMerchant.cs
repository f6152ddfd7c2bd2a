using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Opens a merchant account at the sandbox, with fresh keys.</summary>
public sealed class RegisterSandboxMerchant(SandboxWriter writer, SandboxKeys keys, TimeProvider time)
{
    private const int Bits = 2048;

    /// <param name="channel">One of <see cref="SandboxChannels"/>.</param>
    /// <returns>The portal's form of a channel account; null for a channel that the sandbox does not play.</returns>
    public Task<JsonObject?> ExecuteAsync(string channel, CancellationToken cancellationToken) => channel switch
    {
        SandboxChannels.WeChat => RegisterWeChatAsync(cancellationToken),
        SandboxChannels.Alipay => RegisterAlipayAsync(cancellationToken),
        _ => Task.FromResult<JsonObject?>(null),
    };

    private async Task<JsonObject?> RegisterWeChatAsync(CancellationToken cancellationToken)
    {
        using var rsa = RSA.Create(Bits);
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.WeChat,
            MerchantNo = SandboxNumbers.MerchantNumber("1900", 10),
            AppId = $"wx{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            Serial = RandomNumberGenerator.GetHexString(40),
            ApiV3Key = SandboxNumbers.ApiV3Key(),
            CreatedAt = time.GetUtcNow(),
        };
        await SaveAsync(merchant, cancellationToken);
        var publicKey = await keys.GetAsync(SandboxKeyName.WeChatPublicKey, cancellationToken);
        var certificate = await keys.GetAsync(SandboxKeyName.WeChatCertificate, cancellationToken);
        return new JsonObject
        {
            ["mch_id"] = merchant.MerchantNo,
            ["app_id"] = merchant.AppId,
            ["merchant_serial"] = merchant.Serial,
            ["merchant_private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["api_v3_key"] = merchant.ApiV3Key,
            ["platform_keys"] = new JsonArray(
                new JsonObject { ["serial"] = publicKey.Serial, ["public_key"] = publicKey.PublicPart },
                new JsonObject { ["serial"] = certificate.Serial, ["certificate"] = certificate.PublicPart }),
        };
    }

    private async Task<JsonObject?> RegisterAlipayAsync(CancellationToken cancellationToken)
    {
        using var rsa = RSA.Create(Bits);
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.Alipay,
            MerchantNo = SandboxNumbers.MerchantNumber("2088", 16),
            AppId = SandboxNumbers.MerchantNumber("9021000", 16),
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            CreatedAt = time.GetUtcNow(),
        };
        await SaveAsync(merchant, cancellationToken);
        return new JsonObject
        {
            ["app_id"] = merchant.AppId,
            ["seller_id"] = merchant.MerchantNo,
            ["app_private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["alipay_public_key"] = (await keys.GetAsync(SandboxKeyName.Alipay, cancellationToken)).PublicPart,
        };
    }

    private Task<SandboxMerchant> SaveAsync(SandboxMerchant merchant, CancellationToken cancellationToken) =>
        writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
}
