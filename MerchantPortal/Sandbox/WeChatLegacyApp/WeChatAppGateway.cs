using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>api.weixin.qq.com of 2014, which nobody answers for any more.</summary>
internal sealed class WeChatAppGateway(SandboxWriter writer, TimeProvider time) : ISandboxGateway
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public string Channel => SandboxChannels.WeChatApp;

    public void Map(IEndpointRouteBuilder sandbox) => WeChatAppEndpoints.Map(sandbox);

    public async Task<JsonObject> RegisterAsync(CancellationToken cancellationToken)
    {
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.WeChatApp,
            MerchantNo = SandboxNumbers.MerchantNumber("1900", 10),
            AppId = $"wx{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            Secrets = new Dictionary<string, string>
            {
                ["app_secret"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
                ["partner_key"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
                ["pay_sign_key"] = RandomNumberGenerator.GetString(Alphanumeric, 128),
            },
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return new JsonObject(merchant.Secrets.Select(secret => new KeyValuePair<string, JsonNode?>(secret.Key, secret.Value)))
        {
            ["app_id"] = merchant.AppId,
            ["partner_id"] = merchant.MerchantNo,
        };
    }
}
