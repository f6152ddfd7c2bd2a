using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.WeChatOpen;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>api.mch.weixin.qq.com, version 2 of its interface.</summary>
internal sealed class WeChatV2Gateway(SandboxWriter writer, MakeKeyPair makeKeyPair, TimeProvider time) : ISandboxGateway
{
    public string Channel => SandboxChannels.WeChatV2;

    public void Map(IEndpointRouteBuilder sandbox)
    {
        var pay = sandbox.MapGroup($"/{SandboxChannels.WeChatV2}/pay");
        pay.MapPost("/unifiedorder", Answering<CreateWeChatV2Trade>((call, work, cancellation) => work.ExecuteAsync(call, cancellation)));
        pay.MapPost("/orderquery", Answering<QueryWeChatV2Trade>((call, work, cancellation) => work.ExecuteAsync(call, cancellation)));
        pay.MapPost("/closeorder", Answering<CloseWeChatV2Trade>((call, work, cancellation) => work.ExecuteAsync(call, cancellation)));
        pay.MapPost("/refundquery", Answering<QueryWeChatV2Refund>((call, work, cancellation) => work.ExecuteAsync(call, cancellation)));
        sandbox.MapPost(
            $"/{SandboxChannels.WeChatV2}/secapi/pay/refund", Answering<MakeWeChatV2Refund>((call, work, cancellation) => work.ExecuteAsync(call, cancellation)));
    }

    /// <summary>The algorithm is the merchant's choice in every call; the form proposes the stronger one.</summary>
    public Task<JsonObject> RegisterAsync(CancellationToken cancellationToken) => MakeAsync(WeChatV2Wire.HmacSha256, cancellationToken);

    /// <param name="variant">The algorithm.</param>
    public async Task<JsonObject?> RegisterAsync(string variant, CancellationToken cancellationToken) => variant switch
    {
        "" => await RegisterAsync(cancellationToken),
        WeChatV2Wire.Md5 or WeChatV2Wire.HmacSha256 => await MakeAsync(variant, cancellationToken),
        _ => null,
    };

    private async Task<JsonObject> MakeAsync(string signType, CancellationToken cancellationToken)
    {
        var merchant = new SandboxMerchant
        {
            Channel = SandboxChannels.WeChatV2,
            MerchantNo = SandboxNumbers.MerchantNumber("1900", 10),
            AppId = $"wx{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            Secrets = new() { [WeChatV2Wire.Key] = SandboxNumbers.Key(), [WeChatOpenEndpoints.AppSecret] = SandboxNumbers.Key() },
            CreatedAt = time.GetUtcNow(),
        };
        await writer.WriteAsync((db, _) => Task.FromResult(db.Merchants.Add(merchant).Entity), cancellationToken);
        return new JsonObject
        {
            ["mch_id"] = merchant.MerchantNo,
            ["app_id"] = merchant.AppId,
            ["key"] = merchant.Secrets[WeChatV2Wire.Key],
            ["sign_type"] = signType,
            ["client_certificate"] = ClientCertificate(merchant.MerchantNo, time.GetUtcNow()),
            ["app_secret"] = merchant.Secrets[WeChatOpenEndpoints.AppSecret],
        };
    }

    /// <summary>What the merchant downloads from the console, certificate and key in one PEM.</summary>
    private string ClientCertificate(string merchantNo, DateTimeOffset now)
    {
        using var key = makeKeyPair();
        var request = new CertificateRequest($"CN={merchantNo}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private static RequestDelegate Answering<TWork>(Func<WeChatV2Call, TWork, CancellationToken, Task<WeChatV2Answer>> work)
        where TWork : notnull => async http =>
        {
            var gate = http.RequestServices.GetRequiredService<WeChatV2Gate>();
            var (call, turned) = await gate.EnterAsync(http);
            var body = call is null
                ? turned ?? []
                : gate.Write(call, await work(call, http.RequestServices.GetRequiredService<TWork>(), http.RequestAborted));
            http.Response.ContentType = "text/xml; charset=utf-8";
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        };
}
