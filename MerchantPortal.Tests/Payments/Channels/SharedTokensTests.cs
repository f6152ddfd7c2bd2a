using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Channels;

/// <summary>One token for all, fetched by one at a time, on both databases.</summary>
public sealed class SharedTokensTests
{
    private readonly FakeTimeProvider _time = new();
    private int _fetched;

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Token_is_kept_sealed_and_fetched_again_before_it_expires(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider, factory => factory.WithClock(_time));
        var tokens = await OfStoreAsync(portal);

        Assert.Equal("T1", await TokenAsync(tokens));
        await PassAsync(portal, TimeSpan.FromMinutes(109));
        Assert.Equal("T1", await TokenAsync(tokens));
        await PassAsync(portal, TimeSpan.FromMinutes(2));
        Assert.Equal("T2", await TokenAsync(tokens));

        var row = await portal.ReadAsync(db => db.SharedTokens.AsNoTracking().SingleAsync());
        Assert.DoesNotContain("T2", System.Text.Encoding.Latin1.GetString(row.SealedToken ?? []), StringComparison.Ordinal);
        Assert.Equal((2, null), (row.Fetches, row.Lease));
    }

    [Fact]
    public async Task Refused_token_is_not_given_again_and_a_newer_one_is_not_fetched_for_it()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_time));
        var tokens = await OfStoreAsync(portal);
        Assert.Equal("T1", await TokenAsync(tokens));
        Assert.Equal("T2", await TokenAsync(tokens, refused: "T1"));
        Assert.Equal("T2", await TokenAsync(tokens, refused: "T1"));
        Assert.Equal(2, _fetched);
    }

    [Fact]
    public async Task Failed_fetch_keeps_what_still_serves_and_frees_the_way()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_time));
        var tokens = await OfStoreAsync(portal);
        Assert.Equal("T1", await TokenAsync(tokens));
        _time.Advance(TimeSpan.FromMinutes(115));

        var failing = Source() with { FetchAsync = _ => Task.FromResult<SharedToken>(new SharedToken.Unknown("busy")) };
        Assert.Equal("T1", Assert.IsType<SharedToken.Given>(await tokens.GetAsync(failing, null, CancellationToken.None)).Token);
        Assert.IsType<SharedToken.Unknown>(await tokens.GetAsync(failing, "T1", CancellationToken.None));
        Assert.Equal("T2", await TokenAsync(tokens));
    }

    [Fact]
    public async Task Fetcher_that_dies_blocks_the_others_for_a_while_only()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_time));
        var tokens = await OfStoreAsync(portal);
        var never = new TaskCompletionSource<SharedToken>();
        var started = new TaskCompletionSource();
        var stuck = tokens.GetAsync(
            Source() with
            {
                FetchAsync = _ =>
                {
                    started.SetResult();
                    return never.Task;
                },
            },
            null, CancellationToken.None);
        await started.Task;

        _time.Advance(SharedTokens.LeaseTime + TimeSpan.FromSeconds(1));
        Assert.Equal("T1", await TokenAsync(tokens));

        // It comes back after all: what it brings is older than what is kept.
        never.SetResult(new SharedToken.Given("LATE", TimeSpan.FromHours(2)));
        await stuck;
        Assert.Equal("T1", await TokenAsync(tokens));
    }

    [Fact]
    public async Task Daily_budget_ends_the_fetching_until_the_next_day_of_beijing()
    {
        await using var portal = await PortalFactory.StartAsync(configure: factory => factory.WithClock(_time));
        var tokens = await OfStoreAsync(portal);
        Assert.Equal("T1", await TokenAsync(tokens, limit: 2));
        Assert.Equal("T2", await TokenAsync(tokens, "T1", limit: 2));
        Assert.IsType<SharedToken.Unknown>(await tokens.GetAsync(Source(2), "T2", CancellationToken.None));
        Assert.Equal(2, _fetched);

        // The clock stands at noon in Beijing.
        _time.Advance(TimeSpan.FromHours(12));
        Assert.Equal("T3", await TokenAsync(tokens, limit: 2));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Many_at_once_fetch_one(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        var tokens = await OfStoreAsync(portal);
        var given = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TokenAsync(tokens)));
        Assert.Equal(1, _fetched);
        Assert.All(given, token => Assert.Equal("T1", token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Instances_whose_clocks_are_a_day_apart_share_one(int days)
    {
        await using var here = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql);
        await using var there = await PortalFactory.StartAsync(configure: factory => factory.WithClock(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days)))
            .Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", here.Get<PortalContexts>().ConnectionString));
        var tokens = await OfStoreAsync(here);
        Assert.Equal("T1", await TokenAsync(tokens));

        var store = await here.ReadAsync(db => db.Stores.Select(row => row.Id).SingleAsync());
        var given = Assert.IsType<SharedToken.Given>(await there.Get<SharedTokens>().Of(store).GetAsync(Source(), null, CancellationToken.None));

        Assert.Equal("T1", given.Token);
        Assert.InRange(given.Lifetime, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
    }

    /// <summary>Lets time pass: on PostgreSQL, whose own clock counts there, by making everything older.</summary>
    private async Task PassAsync(PortalFactory portal, TimeSpan span)
    {
        _time.Advance(span);
        if (portal.Get<PortalContexts>().Provider == DatabaseProvider.PostgreSql)
        {
            await portal.WriteAsync(db =>
            {
                var row = db.SharedTokens.Single();
                (row.ExpiresAt, row.RefreshAt) = (row.ExpiresAt - span, row.RefreshAt - span);
            });
        }
    }

    private static async Task<ISharedTokens> OfStoreAsync(PortalFactory portal)
    {
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        await portal.WriteAsync(db => db.Stores.Add(store));
        return portal.Get<SharedTokens>().Of(store.Id);
    }

    private async Task<string> TokenAsync(ISharedTokens tokens, string? refused = null, int limit = 100) =>
        Assert.IsType<SharedToken.Given>(await tokens.GetAsync(Source(limit), refused, CancellationToken.None)).Token;

    private SharedTokenSource Source(int limit = 100) => new("app", limit, _ =>
        Task.FromResult<SharedToken>(new SharedToken.Given($"T{Interlocked.Increment(ref _fetched)}", TimeSpan.FromHours(2))));
}
