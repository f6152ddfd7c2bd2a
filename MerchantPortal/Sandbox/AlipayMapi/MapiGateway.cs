using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>mapi.alipay.com.</summary>
internal sealed class MapiGateway(SandboxWriter writer, SandboxKeys keys, MakeKeyPair makeKeyPair, TimeProvider time) : ISandboxGateway
{
    public string Channel => SandboxChannels.AlipayMapi;

    public void Map(IEndpointRouteBuilder sandbox) => MapiEndpoints.Map(sandbox);

    public Task<JsonObject> RegisterAsync(CancellationToken cancellationToken) => RegisterWithKeyAsync(cancellationToken);

    /// <param name="variant"><c>MD5</c>, which is the usual one, or <c>RSA</c>.</param>
    public async Task<JsonObject?> RegisterAsync(string variant, CancellationToken cancellationToken) => variant switch
    {
        "" or MapiWire.Md5 => await RegisterWithKeyAsync(cancellationToken),
        MapiWire.Rsa => await RegisterWithKeyPairAsync(cancellationToken),
        _ => null,
    };

    private async Task<JsonObject> RegisterWithKeyAsync(CancellationToken cancellationToken)
    {
        var key = SandboxNumbers.Key();
        var partner = await AddAsync("", new() { [MapiWire.SignType] = MapiWire.Md5, ["key"] = key }, cancellationToken);
        return new JsonObject { ["partner"] = partner, ["seller_email"] = MapiWire.SellerEmail, [MapiWire.SignType] = MapiWire.Md5, ["key"] = key };
    }

    private async Task<JsonObject> RegisterWithKeyPairAsync(CancellationToken cancellationToken)
    {
        using var rsa = makeKeyPair();
        var partner = await AddAsync(rsa.ExportSubjectPublicKeyInfoPem(), new() { [MapiWire.SignType] = MapiWire.Rsa }, cancellationToken);
        return new JsonObject
        {
            ["partner"] = partner,
            ["seller_email"] = MapiWire.SellerEmail,
            [MapiWire.SignType] = MapiWire.Rsa,
            ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["alipay_public_key"] = (await keys.GetAsync(SandboxKeyName.AlipayMapi, cancellationToken)).PublicPart,
        };
    }

    private async Task<string> AddAsync(string publicKey, Dictionary<string, string> secrets, CancellationToken cancellationToken)
    {
        var partner = SandboxNumbers.MerchantNumber("2088", 16);
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.AlipayMapi,
            MerchantNo = partner,
            // Partners have no apps; the index over apps wants something of its own nevertheless.
            AppId = partner,
            PublicKey = publicKey,
            Secrets = secrets,
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return partner;
    }
}
