using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>Bills come by themselves: when their hour has come, what was missed too, and by one instance only.</summary>
public sealed class FetchBillsTests
{
    public static TheoryData<DatabaseProvider> Providers => BillShop.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_is_missing_of_the_last_thirty_days_is_fetched_once(DatabaseProvider provider)
    {
        await using var shop = await BillShop.OpenAsync(provider);
        await shop.FillYesterdayAsync(3, number => BillShop.AmountOf(number), _ => true);

        // More than one round can take.
        Assert.True(await shop.Portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None));
        Assert.True(await shop.Portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None));

        var days = await DaysAsync(shop);
        Assert.Equal(2 * 30, days.Count);
        Assert.Equal((BillShop.Yesterday, BillDayState.Fetched), days.Where(row => row.State != BillDayState.NoBill).Select(row => (row.Day, row.State)).Single());
        Assert.All(days, row => Assert.Equal(1, row.Tries));
        Assert.Equal((3, 0), await shop.Portal.ReadAsync(async db => (await db.BillLines.CountAsync(), await db.BillDifferences.CountAsync())));
    }

    [Fact]
    public async Task Yesterdays_bill_waits_for_its_hour()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.Portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None);
        Assert.DoesNotContain(await DaysAsync(shop), row => row.Day >= BillShop.Today);

        // 09:50 of the next day: Alipay's is due, that of WeChat Pay is not.
        shop.Time.Advance(BeijingTime.At(BillShop.Today.AddDays(1), new TimeOnly(9, 50)) - BillShop.Noon);
        await shop.Portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None);

        var alipay = (await shop.Sandbox.AccountAsync(BillShop.Alipay)).Account.Id;
        Assert.Equal([alipay], (await DaysAsync(shop)).Where(row => row.Day == BillShop.Today).Select(row => row.ChannelAccountId));
    }

    [Fact]
    public async Task Another_instance_leaves_the_work_to_the_one_that_has_it()
    {
        await using var shop = await BillShop.OpenAsync();
        var portal = shop.Portal;
        var elsewhere = new Leases(portal.Get<PortalWriter>(), shop.Time);
        Assert.NotNull(await elsewhere.TryTakeAsync("bills", TimeSpan.FromMinutes(15), CancellationToken.None));

        Assert.False(await portal.Get<FetchBills>().RunOnceAsync(CancellationToken.None));
        Assert.Empty(await DaysAsync(shop));
    }

    [Fact]
    public async Task An_instance_that_has_lost_its_lease_writes_nothing()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        var account = (await shop.Sandbox.AccountAsync(BillShop.WeChat)).Account.Id;
        var lost = new HeldLease("bills", 0);

        await Assert.ThrowsAsync<LeaseLostException>(() =>
            shop.Portal.Get<FetchBill>().ExecuteAsync(account, BillShop.Today, shop.Owner, lost, CancellationToken.None));
        Assert.Equal((0, 0), await shop.Portal.ReadAsync(async db => (await db.BillDays.CountAsync(), await db.GatewayBills.CountAsync())));
    }

    [Fact]
    public async Task A_bill_that_is_not_there_yet_is_asked_for_again()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();

        Assert.Equal(BillDayState.NotReady, await shop.FetchAsync(BillShop.Today, fault: "not_ready"));
        Assert.Equal(BillShop.Noon.AddMinutes(30), (await DaysAsync(shop)).Single().DueAt);
        Assert.Equal(BillDayState.Fetched, await shop.FetchAsync(BillShop.Today));
        Assert.Null((await DaysAsync(shop)).Single().DueAt);
    }

    [Fact]
    public async Task No_bill_of_a_day_with_payments_is_doubted_for_three_days_and_then_believed()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.FillYesterdayAsync(2, number => BillShop.AmountOf(number), _ => false);

        Assert.Equal(BillDayState.NotReady, await shop.FetchAsync(BillShop.Yesterday));
        shop.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(BillDayState.Fetched, await shop.FetchAsync(BillShop.Yesterday));

        Assert.All(await shop.DifferencesAsync(), row => Assert.Equal(DifferenceKind.Short, row.Kind));
        Assert.Equal(2, (await shop.DifferencesAsync()).Count);
    }

    private static Task<List<BillDay>> DaysAsync(BillShop shop) =>
        shop.Portal.ReadAsync(db => db.BillDays.AsNoTracking().OrderBy(row => row.Day).ThenBy(row => row.ChannelAccountId).ToListAsync());
}
