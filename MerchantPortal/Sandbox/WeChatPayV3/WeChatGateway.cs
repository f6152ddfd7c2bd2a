using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.WeChatOpen;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>api.mch.weixin.qq.com, version 3 of its interface.</summary>
internal sealed class WeChatGateway(SandboxWriter writer, SandboxKeys keys, MakeKeyPair makeKeyPair, TimeProvider time) : ISandboxGateway
{
    public string Channel => SandboxChannels.WeChat;

    public void Map(IEndpointRouteBuilder sandbox) => WeChatEndpoints.Map(sandbox);

    public async Task<JsonObject> RegisterAsync(CancellationToken cancellationToken)
    {
        using var rsa = makeKeyPair();
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.WeChat,
            MerchantNo = SandboxNumbers.MerchantNumber("1900", 10),
            AppId = $"wx{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            Serial = RandomNumberGenerator.GetHexString(40),
            ApiV3Key = SandboxNumbers.Key(),
            Secrets = new() { [WeChatOpenEndpoints.AppSecret] = SandboxNumbers.Key() },
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
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
            ["app_secret"] = merchant.Secrets[WeChatOpenEndpoints.AppSecret],
        };
    }
}
