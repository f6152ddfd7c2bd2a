using System.Globalization;
using System.Security.Cryptography;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>An upgrade is killed, done by two at once, or has been done by a newer version already; the master key is another one.</summary>
public sealed class SchemaFaultTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(150)]
    public async Task An_upgrade_that_is_killed_at_a_write_is_done_by_the_next_start(int write)
    {
        using var folder = new TemporaryFolder();
        var settings = PortalProcess.Settings($"Data Source={folder.Path}/portal.db");

        // The tracer ends the process at its n-th write to the database's files; SQLite may be built to write either way.
        var file = $"{folder.Path}/portal.db";
        var killed = await PortalProcess.RunAsync(settings,
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", file, "-P", $"{file}-wal", "-e", "trace=pwrite64,write",
                "-e", $"inject=pwrite64,write:signal=KILL:when={write.ToString(CultureInfo.InvariantCulture)}"],
            ["migrate"]);
        Assert.NotEqual(0, killed.ExitCode);

        await using (var portal = await PortalProcess.StartAsync(settings))
        {
            Assert.NotNull(portal.Address);
        }

        var check = await PortalProcess.RunAsync(settings, "check");
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task Two_instances_that_start_on_an_empty_database_share_one_upgrade()
    {
        var settings = PortalProcess.Settings(await PostgresCluster.CreateDatabaseAsync(), DatabaseProvider.PostgreSql);

        var portals = await Task.WhenAll(PortalProcess.StartAsync(settings), PortalProcess.StartAsync(settings));

        foreach (var portal in portals)
        {
            await portal.DisposeAsync();
        }

        var check = await PortalProcess.RunAsync(settings, "check");
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        await using (var db = shop.Read())
        {
            await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0')""");
        }

        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() => shop.StartAsync());

        Assert.Contains("newer version", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_master_key_is_refused_and_seals_nothing_anew()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        await using (var first = await shop.StartAsync())
        {
            Assert.True(await shop.IsReadyAsync(first.Address));
        }

        var before = await KeysAsync(shop);
        var right = shop.Settings["Portal__DataProtectionKey"];
        shop.Settings["Portal__DataProtectionKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() => shop.StartAsync());

        Assert.Contains("Restore the key", refused.Output, StringComparison.Ordinal);
        Assert.NotEmpty(before);
        Assert.Equal(before, await KeysAsync(shop));
        shop.Settings["Portal__DataProtectionKey"] = right;
        await using var again = await shop.StartAsync();
        await shop.SendWaitingAsync(again);
        await shop.AssertAllPaidAsync();
    }

    private static async Task<List<string>> KeysAsync(FaultShop shop)
    {
        await using var db = shop.Read();
        var accounts = await db.ChannelAccounts.Select(row => row.SealedCredentials).ToListAsync();
        return [.. accounts.Select(Convert.ToHexString), .. await db.DataProtectionKeys.OrderBy(row => row.Id).Select(row => row.Xml).ToListAsync()];
    }
}
