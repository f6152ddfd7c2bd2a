using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

public sealed class PortalWriterTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_unit_that_fails_does_not_fail_its_neighbours(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var writer = portal.Get<PortalWriter>();

        var units = Enumerable.Range(0, 60).Select(async index =>
        {
            try
            {
                return await writer.WriteAsync(
                    (db, _) =>
                    {
                        db.Stores.Add(NewStore($"{index}"));
                        return index % 3 == 0 ? throw new FormatException() : Task.FromResult(true);
                    },
                    CancellationToken.None);
            }
            catch (FormatException)
            {
                return false;
            }
        }).ToList();
        var done = await Task.WhenAll(units);

        Assert.Equal(40, done.Count(ok => ok));
        var names = await portal.ReadAsync(db => db.Stores.Select(store => store.Name).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 60).Where(index => index % 3 != 0).Select(index => $"{index}").Order(), names.Order());
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Units_that_change_the_same_row_decide_again_until_each_has_its_turn(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var store = NewStore("茶铺");
        var product = new MerchantPortal.Products.Product { StoreId = store.Id, Name = "茶", Price = 100, Stock = 4, CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.AddRange(store, product));

        // Four at once fit into the five rounds whoever loses.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var row = await db.Products.SingleAsync(ct);
                row.Stock--;
                return true;
            },
            CancellationToken.None)));

        Assert.Equal((0, 4), await portal.ReadAsync(db => db.Products.Select(row => new ValueTuple<int?, int>(row.Stock, row.Version)).SingleAsync()));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_rehearsal_leaves_nothing_behind(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);

        await portal.Get<PortalWriter>().RehearseAsync(
            async (db, ct) =>
            {
                db.Stores.Add(NewStore("never"));
                await db.SaveChangesAsync(ct);
                return true;
            },
            CancellationToken.None);

        Assert.Equal(0, await portal.ReadAsync(db => db.Stores.CountAsync()));
    }

    [Fact]
    public async Task Units_that_wait_together_share_a_commit()
    {
        await using var portal = await PortalFactory.StartAsync();
        var writer = portal.Get<PortalWriter>();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = writer.WriteAsync(
            async (db, _) =>
            {
                entered.SetResult();
                await release.Task;
                db.Stores.Add(NewStore("first"));
                return true;
            },
            CancellationToken.None);
        await entered.Task;
        using var commits = new CommitCounter(portal);
        var others = Enumerable.Range(0, 10).Select(index => portal.WriteAsync(db => db.Stores.Add(NewStore($"{index}")))).ToList();

        release.SetResult();
        await Task.WhenAll(others.Append(first));

        Assert.Equal(11, await portal.ReadAsync(db => db.Stores.CountAsync()));
        Assert.InRange(commits.Count, 1, 3);
    }

    private static Store NewStore(string name) => new() { Name = name, CreatedAt = DateTimeOffset.UnixEpoch };
}
