using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Seeding;

/// <summary>
/// The test accounts that a seeded history was paid through: those that are there, else new ones with keys of their own, disabled,
/// because no gateway knows them.
/// </summary>
internal sealed class SeedAccounts(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, SaveChannelAccount save, DisableChannelAccount disable)
{
    private static readonly Dictionary<string, Func<JsonObject>> Forms = new()
    {
        ["wechat-v3"] = WeChatForm,
        ["alipay"] = AlipayForm,
    };

    /// <returns>Empty when there is no account and no channel to make one of.</returns>
    public async Task<IReadOnlyList<ChannelAccount>> EnsureAsync(Guid storeId, CancellationToken cancellationToken)
    {
        var existing = await TestAccountsAsync(storeId, cancellationToken);
        foreach (var (channel, form) in Forms)
        {
            if (channels.Definition(channel) is not null && existing.All(account => account.Channel != channel))
            {
                await CreateAsync(channel, form(), Actor.System(storeId), cancellationToken);
            }
        }

        return await TestAccountsAsync(storeId, cancellationToken);
    }

    private async Task<List<ChannelAccount>> TestAccountsAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.AsNoTracking().Where(row => row.StoreId == storeId && row.Mode == PaymentMode.Test)
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    private async Task CreateAsync(string channel, JsonObject fields, Actor actor, CancellationToken cancellationToken)
    {
        var result = await save.ExecuteAsync(null, new ChannelAccountForm(channel, "Seeded history", PaymentMode.Test, fields), actor, cancellationToken);
        if (result is not SaveChannelAccountResult.Saved saved)
        {
            var errors = result is SaveChannelAccountResult.Invalid invalid ? string.Join(' ', invalid.Errors.Select(error => $"{error.Key}: {error.Value}")) : "";
            throw new InvalidOperationException($"The {channel} account of a seeded history was refused. {errors}");
        }

        await disable.ExecuteAsync(saved.AccountId, disabled: true, actor, cancellationToken);
    }

    private static JsonObject WeChatForm()
    {
        using var merchant = RSA.Create(2048);
        using var platform = RSA.Create(2048);
        return new JsonObject
        {
            ["mch_id"] = "1900000001",
            ["app_id"] = "wx0000000000000001",
            ["merchant_serial"] = RandomNumberGenerator.GetHexString(40),
            ["merchant_private_key"] = merchant.ExportPkcs8PrivateKeyPem(),
            ["api_v3_key"] = RandomNumberGenerator.GetHexString(32),
            ["platform_keys"] = new JsonArray(new JsonObject
            {
                ["serial"] = RandomNumberGenerator.GetHexString(40),
                ["public_key"] = platform.ExportSubjectPublicKeyInfoPem(),
            }),
        };
    }

    private static JsonObject AlipayForm()
    {
        using var app = RSA.Create(2048);
        using var alipay = RSA.Create(2048);
        return new JsonObject
        {
            ["app_id"] = "2021000000000001",
            ["seller_id"] = "2088000000000001",
            ["app_private_key"] = app.ExportPkcs8PrivateKeyPem(),
            ["alipay_public_key"] = alipay.ExportSubjectPublicKeyInfoPem(),
        };
    }
}
