using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Data;

public sealed class LeasesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task One_of_two_instances_holds_a_lease_and_keeps_it_by_asking_again(DatabaseProvider provider)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(provider);
        var (first, second) = (Instance(portal, time), Instance(portal, time));

        var held = await first.TryTakeAsync("job", Minute, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(50));
        var kept = await first.TryTakeAsync("job", Minute, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(50));

        Assert.NotNull(held);
        Assert.Equal(held, kept);
        Assert.Null(await second.TryTakeAsync("job", Minute, CancellationToken.None));
        Assert.NotNull(await second.TryTakeAsync("another job", Minute, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_lease_that_ran_out_goes_to_the_next_and_its_late_owner_can_write_nothing(DatabaseProvider provider)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(provider);
        var (first, second) = (Instance(portal, time), Instance(portal, time));
        var paused = await first.TryTakeAsync("job", Minute, CancellationToken.None);
        time.Advance(Minute);

        var taken = await second.TryTakeAsync("job", Minute, CancellationToken.None);

        Assert.Equal(paused?.Epoch + 1, taken?.Epoch);
        await Assert.ThrowsAsync<LeaseLostException>(() => WorkAsync(portal, paused));
        Assert.False(await portal.ReadAsync(db => db.Stores.AnyAsync()));
        await WorkAsync(portal, taken);
        Assert.True(await portal.ReadAsync(db => db.Stores.AnyAsync()));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_released_lease_is_free_at_once_and_no_longer_allows_writes(DatabaseProvider provider)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(provider);
        var (first, second) = (Instance(portal, time), Instance(portal, time));
        var held = await first.TryTakeAsync("job", Minute, CancellationToken.None) ?? throw new InvalidOperationException("Nobody else holds it.");

        await first.ReleaseAsync(held, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(() => WorkAsync(portal, held));
        Assert.NotNull(await second.TryTakeAsync("job", Minute, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Of_instances_that_ask_at_once_one_gets_the_lease(DatabaseProvider provider)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(provider);

        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Instance(portal, time).TryTakeAsync("job", Minute, CancellationToken.None))));

        Assert.Single(asked, held => held is not null);
    }

    private static Leases Instance(PortalFactory portal, TimeProvider time) => new(portal.Get<PortalWriter>(), time);

    private static Task<bool> WorkAsync(PortalFactory portal, HeldLease? held) => portal.Get<PortalWriter>().WriteAsync(
        async (db, ct) =>
        {
            await (held ?? throw new InvalidOperationException("There is no lease.")).RequireAsync(db, ct);
            db.Stores.Add(new Store { Name = "茶铺", CreatedAt = DateTimeOffset.UnixEpoch });
            return true;
        },
        CancellationToken.None);
}
