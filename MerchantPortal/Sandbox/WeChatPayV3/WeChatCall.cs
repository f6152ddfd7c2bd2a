using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>A request that a registered merchant has signed.</summary>
/// <param name="AsksForPublicKey">The merchant wants answers to be signed by the public key, and so uses it.</param>
internal sealed record WeChatCall(SandboxMerchant Merchant, byte[] Body, bool AsksForPublicKey)
{
    /// <returns>Null when the body is not a JSON object.</returns>
    public JsonObject? Json()
    {
        try
        {
            return JsonNode.Parse(Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Lets in what a registered merchant has signed a moment ago.</summary>
internal sealed class WeChatGate(SandboxWriter writer, TimeProvider time)
{
    private const int MaxBody = 64 * 1024;

    /// <returns>Null: answer 401 SIGN_ERROR.</returns>
    public async Task<WeChatCall?> EnterAsync(HttpContext http)
    {
        var body = await ReadAsync(http.Request, http.RequestAborted);
        var authorization = WeChatAuthorization.Parse(http.Request.Headers.Authorization);
        if (body is null || authorization is null || !authorization.IsFresh(time.GetUtcNow()))
        {
            return null;
        }

        await using var db = writer.CreateDbContext();
        var merchant = await db.Merchants.AsNoTracking().SingleOrDefaultAsync(
            row => row.Channel == SandboxChannels.WeChat && row.MerchantNo == authorization.MerchantNo, http.RequestAborted);
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return merchant is not null && merchant.Serial == authorization.Serial
            && RsaSha256.Verify(merchant.PublicKey, authorization.SignedText(http.Request.Method, target, body), authorization.Signature)
            ? new WeChatCall(merchant, body, http.Request.Headers["Wechatpay-Serial"].ToString().StartsWith("PUB_KEY_ID_", StringComparison.Ordinal))
            : null;
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.Length <= MaxBody ? buffer.ToArray() : null;
    }
}
