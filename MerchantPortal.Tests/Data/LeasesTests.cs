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
        await PassAsync(portal, time, TimeSpan.FromSeconds(50));
        var kept = await first.TryTakeAsync("job", Minute, CancellationToken.None);
        await PassAsync(portal, time, TimeSpan.FromSeconds(50));

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
        await PassAsync(portal, time, Minute);

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

    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task An_instance_whose_clock_is_a_day_off_neither_takes_a_live_lease_nor_keeps_the_job_from_the_others(int hours)
    {
        var wrongTime = new FakeTimeProvider();
        wrongTime.Jump(TimeSpan.FromHours(hours));
        await using var portal = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql);
        var (right, wrong) = (Instance(portal, new FakeTimeProvider()), Instance(portal, wrongTime));

        var held = await right.TryTakeAsync("job", Minute, CancellationToken.None);
        Assert.Null(await wrong.TryTakeAsync("job", Minute, CancellationToken.None));
        await WorkAsync(portal, held);
        await PassAsync(portal, wrongTime, Minute);

        Assert.NotNull(await wrong.TryTakeAsync("job", Minute, CancellationToken.None));
        Assert.Null(await right.TryTakeAsync("job", Minute, CancellationToken.None));
        await PassAsync(portal, wrongTime, Minute);
        await WorkAsync(portal, await right.TryTakeAsync("job", Minute, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_clock_that_is_set_back_by_a_day_does_not_keep_the_job_of_one_who_is_gone_for_a_day(DatabaseProvider provider)
    {
        var time = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(provider);
        var gone = await Instance(portal, time).TryTakeAsync("job", Minute, CancellationToken.None);
        time.Jump(-TimeSpan.FromDays(1));
        await MoveEndsAsync(portal, TimeSpan.FromDays(1));

        var taken = await Instance(portal, time).TryTakeAsync("job", Minute, CancellationToken.None);

        await WorkAsync(portal, taken);
        await Assert.ThrowsAsync<LeaseLostException>(() => WorkAsync(portal, gone));
    }

    /// <summary>Nobody ends it, and neither instance's own clock moves: a second passes at the server.</summary>
    [Fact]
    public async Task A_lease_on_postgresql_ends_by_itself_when_its_time_has_passed()
    {
        var stopped = new FakeTimeProvider();
        await using var portal = await PortalFactory.StartAsync(DatabaseProvider.PostgreSql);
        var (first, second) = (Instance(portal, stopped), Instance(portal, stopped));
        var since = TimeProvider.System.GetTimestamp();
        var held = await first.TryTakeAsync("job", TimeSpan.FromSeconds(1), CancellationToken.None);

        HeldLease? taken = null;
        while (taken is null && TimeProvider.System.GetElapsedTime(since) < Patience.Limit)
        {
            taken = await second.TryTakeAsync("job", TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(since) >= TimeSpan.FromSeconds(1));
        Assert.Equal(held?.Epoch + 1, taken?.Epoch);
        await Assert.ThrowsAsync<LeaseLostException>(() => WorkAsync(portal, held));
    }

    /// <summary>At PostgreSQL the server's clock counts, which no test sets: the leases' ends come nearer instead.</summary>
    private static Task PassAsync(PortalFactory portal, FakeTimeProvider time, TimeSpan by)
    {
        time.Advance(by);
        return MoveEndsAsync(portal, -by);
    }

    private static Task MoveEndsAsync(PortalFactory portal, TimeSpan by) => portal.Get<PortalContexts>().Provider == DatabaseProvider.Sqlite
        ? Task.CompletedTask
        : portal.WriteAsync(db => db.Leases.ToList().ForEach(lease => lease.Until += by));

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
