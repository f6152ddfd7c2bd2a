using System.Security.Claims;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Tests.Accounts;

public sealed class SecurityStampsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task However_many_pages_ask_the_database_is_asked_once_a_second_and_a_new_stamp_is_seen()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch };
        var person = new PortalUser { Id = Guid.CreateVersion7(), StoreId = store.Id, UserName = "li@example.com", SecurityStamp = "before" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        await portal.WriteAsync(db => db.Users.Add(person));
        var contexts = new CountingContexts(portal.Get<PortalContexts>());
        var stamps = new SecurityStamps(contexts, _time);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stamps.OfAsync(person.Id))), stamp => Assert.Equal("before", stamp));
        Assert.Equal(1, contexts.Count);

        await portal.WriteAsync(db => db.Users.Single(user => user.Id == person.Id).SecurityStamp = "after");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("after", await stamps.OfAsync(person.Id));
        Assert.Equal(2, contexts.Count);
    }

    [Fact]
    public async Task Who_is_not_there_has_no_stamp()
    {
        await using var portal = await PortalFactory.StartAsync();

        Assert.Null(await new SecurityStamps(portal.Get<PortalContexts>(), _time).OfAsync(Guid.CreateVersion7()));
    }

    [Fact]
    public async Task A_database_that_is_away_signs_nobody_out_and_who_was_removed_leaves_when_it_is_back()
    {
        await using var portal = await PortalFactory.StartAsync();
        var contexts = new BrokenContexts(portal.Get<PortalContexts>());
        using var loggers = new LoggerFactory();
        using var circuit = new CircuitRevalidation(loggers, new SecurityStamps(contexts, _time), portal.Get<IOptions<IdentityOptions>>(), _time);
        var removed = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Guid.CreateVersion7().ToString())], "test"));
        SessionRules.Mark(removed, _time.GetUtcNow());

        Assert.True(await circuit.MayStayAsync(removed));

        contexts.IsBroken = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await circuit.MayStayAsync(removed));
    }

    private sealed class BrokenContexts(PortalContexts contexts) : IDbContextFactory<PortalDbContext>
    {
        public bool IsBroken { get; set; } = true;

        public PortalDbContext CreateDbContext() => IsBroken ? throw new SqliteException("away", 14) : contexts.CreateDbContext();
    }

    private sealed class CountingContexts(PortalContexts contexts) : IDbContextFactory<PortalDbContext>
    {
        private int _count;

        public int Count => _count;

        public PortalDbContext CreateDbContext()
        {
            Interlocked.Increment(ref _count);
            return contexts.CreateDbContext();
        }
    }
}
