using System.Diagnostics;
using System.Net;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Faults;

/// <summary>The portal is told to stop in the middle of its work.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_portal_that_is_told_to_stop_answers_everyone_refuses_new_callbacks_and_is_gone_in_ten_seconds()
    {
        await using var shop = await FaultShop.OpenAsync(220);
        shop.Settings["Portal__DrainSeconds"] = "2";
        await using var portal = await shop.StartAsync($"{Failpoints.AfterCapture}=delay:500");
        Assert.True(await shop.IsReadyAsync(portal.Address));
        var underWay = Enumerable.Range(0, 200).Select(order => shop.SendAsync(portal.Address, order)).ToList();
        // The first answer says that the others are on their way.
        await Task.WhenAny(underWay);

        var stopped = Stopwatch.GetTimestamp();
        portal.Terminate();
        var ready = true;
        while (ready)
        {
            ready = await shop.IsReadyAsync(portal.Address);
        }

        var late = await Task.WhenAll(Enumerable.Range(200, 20).Select(order => shop.SendAsync(portal.Address, order)));
        var answers = await Task.WhenAll(underWay);

        Assert.All(late, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer));
        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer}"));
        Assert.Equal(0, await portal.WaitForExitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(Stopwatch.GetElapsedTime(stopped) < TimeSpan.FromSeconds(10));
        Assert.NotEmpty(shop.Acknowledged);
        await shop.AssertSoundAsync();
        await using var db = shop.Read();
        Assert.Equal(shop.Acknowledged.Count, await db.Payments.CountAsync());
    }

    [Fact]
    public async Task What_was_queued_for_the_writer_is_committed_before_the_program_ends()
    {
        await using var portal = await PortalFactory.StartAsync();
        var writer = portal.Get<PortalWriter>();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = writer.WriteAsync(
            async (_, _) =>
            {
                entered.SetResult();
                await release.Task;
                return true;
            },
            CancellationToken.None);
        await entered.Task;
        var queued = Enumerable.Range(0, 100).Select(index => portal.WriteAsync(db => db.Stores.Add(new Store { Name = $"{index}" }))).ToList();

        var disposed = writer.DisposeAsync();
        release.SetResult();
        await disposed;

        await Task.WhenAll(queued.Append(first));
        Assert.Equal(100, await portal.ReadAsync(db => db.Stores.CountAsync()));
        await Assert.ThrowsAsync<DatabaseBusyException>(() => portal.WriteAsync(db => db.Stores.Add(new Store { Name = "too late" })));
    }

    [Fact]
    public async Task Armed_failpoints_are_refused_in_production()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        shop.Settings["ASPNETCORE_ENVIRONMENT"] = "Production";

        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() => shop.StartAsync($"{Failpoints.BeforeCommit}=kill"));

        Assert.Contains(Failpoints.Variable, refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_portal_on_the_same_sqlite_file_is_refused()
    {
        await using var shop = await FaultShop.OpenAsync(1);
        await using var first = await shop.StartAsync();

        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() => shop.StartAsync());

        Assert.Contains("Another portal is running", refused.Output, StringComparison.Ordinal);
        Assert.True(await shop.IsReadyAsync(first.Address));
    }
}
