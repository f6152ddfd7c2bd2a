using System.Net;
using System.Security.Cryptography;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>The master key is exchanged while callbacks come, or is lost.</summary>
public sealed class MasterKeyTests
{
    private readonly string _next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task Master_key_is_exchanged_instance_by_instance_and_no_callback_is_refused()
    {
        await using var shop = await FaultShop.OpenAsync(40, await PostgresCluster.CreateDatabaseAsync());
        var old = shop.Settings[Key];
        shop.Settings[Others] = _next;
        await using (var first = await shop.StartAsync())
        {
            await SendAsync(shop, first, 0, 10);
            (shop.Settings[Key], shop.Settings[Others]) = (_next, old);
            await using var second = await shop.StartAsync();
            await SendAsync(shop, first, 10, 10);
            await SendAsync(shop, second, 20, 10);
        }

        shop.Settings.Remove(Others);
        await using (var third = await shop.StartAsync())
        {
            await SendAsync(shop, third, 30, 10);
        }

        await shop.AssertAllPaidAsync();
        await AssertRefusedAsync(shop, old);
    }

    [Fact]
    public async Task After_one_start_with_both_keys_the_old_one_opens_nothing_and_is_not_needed()
    {
        await using var shop = await FaultShop.OpenAsync(2);
        await using (await shop.StartAsync())
        {
        }

        var old = shop.Settings[Key];
        (shop.Settings[Key], shop.Settings[Others]) = (_next, old);
        await using (var both = await shop.StartAsync())
        {
            await SendAsync(shop, both, 0, 1);
        }

        shop.Settings.Remove(Others);
        await AssertRefusedAsync(shop, old);
        await using var alone = await shop.StartAsync();
        await SendAsync(shop, alone, 1, 1);
        await shop.AssertAllPaidAsync();
    }

    [Fact]
    public async Task A_lost_key_is_refused_with_any_other_beside_it_and_nothing_is_sealed_anew()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        await using (await shop.StartAsync())
        {
        }

        var before = await SealedAsync(shop);
        shop.Settings[Others] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await AssertRefusedAsync(shop, _next);

        Assert.Equal(before, await SealedAsync(shop));
        shop.Settings.Remove(Others);
        await using var again = await shop.StartAsync();
        await SendAsync(shop, again, 0, 1);
        await shop.AssertAllPaidAsync();
    }

    private const string Key = "Portal__DataProtectionKey";
    private const string Others = "Portal__OtherDataProtectionKeys";

    private static async Task SendAsync(FaultShop shop, PortalProcess portal, int from, int count)
    {
        foreach (var order in Enumerable.Range(from, count))
        {
            var answer = await shop.SendAsync(portal.Address, order);
            Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{answer}\n{portal.Output}");
        }
    }

    /// <summary>With this key the portal does not start.</summary>
    private static async Task AssertRefusedAsync(FaultShop shop, string key)
    {
        var right = shop.Settings[Key];
        shop.Settings[Key] = key;
        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() => shop.StartAsync());
        Assert.Contains("Restore the key", refused.Output, StringComparison.Ordinal);
        shop.Settings[Key] = right;
    }

    private static async Task<List<string>> SealedAsync(FaultShop shop)
    {
        await using var db = shop.Read();
        var accounts = await db.ChannelAccounts.Select(row => row.SealedCredentials).ToListAsync();
        return [.. accounts.Select(Convert.ToHexString), .. await db.DataProtectionKeys.OrderBy(row => row.Id).Select(row => row.Xml).ToListAsync()];
    }
}
