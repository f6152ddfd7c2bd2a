using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>openapi.alipay.com.</summary>
internal sealed class AlipayGateway(SandboxWriter writer, SandboxKeys keys, TimeProvider time) : ISandboxGateway
{
    private const int KeyBits = 2048;

    public string Channel => SandboxChannels.Alipay;

    public void Map(IEndpointRouteBuilder sandbox) => AlipayEndpoints.Map(sandbox);

    public async Task<JsonObject> RegisterAsync(CancellationToken cancellationToken)
    {
        using var rsa = RSA.Create(KeyBits);
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.Alipay,
            MerchantNo = SandboxNumbers.MerchantNumber("2088", 16),
            AppId = SandboxNumbers.MerchantNumber("9021000", 16),
            PublicKey = rsa.ExportSubjectPublicKeyInfoPem(),
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return new JsonObject
        {
            ["app_id"] = merchant.AppId,
            ["seller_id"] = merchant.MerchantNo,
            ["app_private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["alipay_public_key"] = (await keys.GetAsync(SandboxKeyName.Alipay, cancellationToken)).PublicPart,
        };
    }
}
