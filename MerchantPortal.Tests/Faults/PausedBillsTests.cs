using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Tests.Payments.Reconciliation;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace MerchantPortal.Tests.Faults;

/// <summary>Two instances on PostgreSQL that fetch bills, of which one hangs in a download for longer than its lease lasts.</summary>
public sealed class PausedBillsTests
{
    [Fact]
    public async Task A_bill_of_an_instance_that_hung_is_fetched_by_the_other_and_the_late_one_writes_nothing()
    {
        using var hold = new HeldDownload();
        await using var shop = await BillShop.OpenAsync(
            DatabaseProvider.PostgreSql, portal => portal.ConfigureServices(services => services.AddSingleton<IHttpMessageHandlerBuilderFilter>(hold)));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await shop.SellAsync();
        }

        shop.Time.Advance(TimeSpan.FromDays(1));
        var late = shop.Portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None);
        await hold.AskedAsync();
        await shop.Portal.WriteAsync(db => db.Leases.Single().Until = DateTimeOffset.UnixEpoch);

        // The day that was begun is due again by then.
        shop.Time.Advance(TimeSpan.FromMinutes(6));
        var other = ActivatorUtilities.CreateInstance<FetchBills>(shop.Portal.Services, new Leases(shop.Portal.Get<PortalWriter>(), shop.Time));
        Assert.True(await other.RunOnceAsync(CancellationToken.None));
        Assert.True(await other.RunOnceAsync(CancellationToken.None));
        var fetched = await WrittenAsync(shop);
        await shop.Sandbox.ControlAsync("faults", new { next_bill = "not_ready" });
        hold.LetGo();

        await Assert.ThrowsAsync<LeaseLostException>(() => late);
        Assert.Equal(fetched, await WrittenAsync(shop));
        Assert.Contains($"{BillShop.Today}: {BillDayState.Fetched} after 2", fetched);
        Assert.Equal((1, 3, 3), await shop.Portal.ReadAsync(async db => (
            await db.GatewayBills.CountAsync(), await db.BillLines.CountAsync(), await db.LedgerEntries.CountAsync(row => row.Movement == LedgerMovement.Fee && row.Debit > 0))));
        await shop.Portal.AssertInvariantsAsync();
    }

    private static async Task<List<string>> WrittenAsync(BillShop shop) =>
        [.. (await shop.Portal.ReadAsync(db => db.BillDays.AsNoTracking().OrderBy(row => row.ChannelAccountId).ThenBy(row => row.Day).ToListAsync()))
            .Select(row => $"{row.Day}: {row.State} after {row.Tries}")];

    /// <summary>Keeps the first who asks for a bill of WeChat Pay, outside of all limits of a call.</summary>
    private sealed class HeldDownload : IHttpMessageHandlerBuilderFilter, IDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AskedAsync() => _asked.Task.WaitAsync(Patience.Limit);

        public void LetGo() => _letGo.TrySetResult();

        public void Dispose() => LetGo();

        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == GatewayResilience.HttpClientName)
            {
                builder.AdditionalHandlers.Insert(0, new Holding(this));
            }
        };

        private sealed class Holding(HeldDownload hold) : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                if (request.RequestUri?.AbsolutePath.EndsWith("/tradebill", StringComparison.Ordinal) == true && hold._asked.TrySetResult())
                {
                    await hold._letGo.Task.WaitAsync(cancellationToken);
                }

                return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
