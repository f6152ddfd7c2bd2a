using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>api.beecloud.cn and jspay.beecloud.cn.</summary>
internal sealed class BeeCloudGateway(SandboxWriter writer, TimeProvider time) : ISandboxGateway
{
    public const string AppSecret = "app_secret";
    public const string MasterSecret = "master_secret";

    public string Channel => SandboxChannels.BeeCloud;

    public void Map(IEndpointRouteBuilder sandbox) => BeeCloudEndpoints.Map(sandbox);

    public async Task<JsonObject> RegisterAsync(CancellationToken cancellationToken)
    {
        var appId = Guid.NewGuid().ToString();
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.BeeCloud,
            MerchantNo = appId,
            AppId = appId,
            Secrets = new() { [AppSecret] = Guid.NewGuid().ToString(), [MasterSecret] = Guid.NewGuid().ToString() },
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return new JsonObject { ["app_id"] = appId, [AppSecret] = merchant.Secrets[AppSecret], [MasterSecret] = merchant.Secrets[MasterSecret] };
    }
}
