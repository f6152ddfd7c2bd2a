using MerchantPortal.Accounts;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Cases;

public sealed class CaseQueriesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 12, 31, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_page_goes_on_where_the_one_before_ended_and_knows_only_its_own_store(DatabaseProvider provider)
    {
        using var portal = await PortalFactory.StartAsync(provider);
        var (mine, other) = (new Store { Name = "Tea", CreatedAt = Noon }, new Store { Name = "Other", CreatedAt = Noon });
        await portal.WriteAsync(db =>
        {
            db.Stores.AddRange(mine, other);
            db.Cases.Add(New(other, CaseKind.LateMoney, "foreign"));
        });
        var keys = Enumerable.Range(0, 7).Select(number => $"T{number}").ToList();
        foreach (var key in keys)
        {
            await portal.WriteAsync(db => db.Cases.Add(New(mine, key == "T3" ? CaseKind.DeadCallback : CaseKind.LateMoney, key, keys.IndexOf(key))));
        }

        var queries = portal.Get<CaseQueries>();
        var read = new List<string>();
        Guid? before = null;
        do
        {
            var page = await queries.PageAsync(mine.Id, new CaseFilter(), before, 3, CancellationToken.None);
            read.AddRange(page.Rows.Select(row => row.Case.SubjectKey));
            before = page.Older;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Reverse(keys), read);
        Assert.Equal(["T3"], await KeysAsync(queries, mine, new CaseFilter(Kind: CaseKind.DeadCallback)));
        Assert.Empty(await KeysAsync(queries, mine, new CaseFilter(Resolved: true)));
        Assert.Empty(await KeysAsync(queries, mine, new CaseFilter(OwnerId: "1")));
        Assert.Equal(7, (await KeysAsync(queries, mine, new CaseFilter(Unowned: true))).Count);
        Assert.Equal(6, (await queries.CountOpenAsync(mine.Id, CancellationToken.None))[CaseKind.LateMoney]);
    }

    private static async Task<List<string>> KeysAsync(CaseQueries queries, Store store, CaseFilter filter) =>
        [.. (await queries.PageAsync(store.Id, filter, null, 50, CancellationToken.None)).Rows.Select(row => row.Case.SubjectKey)];

    private static Case New(Store store, CaseKind kind, string key, int second = 0) =>
        new() { Id = Guid.CreateVersion7(Noon.AddSeconds(second)), StoreId = store.Id, Kind = kind, SubjectKey = key, OpenedAt = Noon };
}
