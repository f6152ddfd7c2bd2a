using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>Gives access tokens as WeChat did: 200 a day, each good for two hours or until the next one is given.</summary>
internal sealed class WeChatAppTokens(SandboxWriter writer, TimeProvider time)
{
    private const int PerDay = 200;
    private const int Seconds = 7200;

    public Task<JsonObject> GiveAsync(string grantType, string appId, string secret, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var merchant = await db.Merchants.SingleOrDefaultAsync(row => row.Channel == SandboxChannels.WeChatApp && row.AppId == appId, ct);
            return grantType != "client_credential" ? WeChatAppAnswer.Error(40002, "invalid grant_type")
                : merchant is null ? WeChatAppAnswer.Error(40013, "invalid appid")
                : merchant.Secrets["app_secret"] != secret ? WeChatAppAnswer.Error(40125, "invalid appsecret")
                : await GiveAsync(db, merchant, ct);
        },
        cancellationToken);

    /// <returns>The app that the token is of; null with the answer that refuses it.</returns>
    public async Task<(SandboxMerchant? Merchant, JsonObject? Refusal)> CheckAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var known = await db.Tokens.AsNoTracking().SingleOrDefaultAsync(row => row.Token == token, cancellationToken);
        return known is null ? (null, WeChatAppAnswer.Error(40001, "invalid credential, access_token is invalid or not latest"))
            : known.ExpiresAt <= time.GetUtcNow() ? (null, WeChatAppAnswer.Error(42001, "access_token expired"))
            : (await db.Merchants.AsNoTracking().SingleAsync(row => row.Id == known.MerchantId, cancellationToken), null);
    }

    private async Task<JsonObject> GiveAsync(SandboxDbContext db, SandboxMerchant merchant, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.ToOffset(Beijing.Offset).DateTime);
        var token = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", 107);
        var row = await db.Tokens.SingleOrDefaultAsync(known => known.MerchantId == merchant.Id, cancellationToken)
            ?? db.Tokens.Add(new SandboxToken { MerchantId = merchant.Id, Token = "", ExpiresAt = now, Day = today }).Entity;
        row.Fetches = row.Day == today ? row.Fetches + 1 : 1;
        row.Day = today;
        if (row.Fetches > PerDay)
        {
            return WeChatAppAnswer.Error(45009, "reach max api daily quota limit");
        }

        row.Token = token;
        row.ExpiresAt = now.AddSeconds(Seconds);
        return new JsonObject { ["access_token"] = token, ["expires_in"] = Seconds };
    }
}
