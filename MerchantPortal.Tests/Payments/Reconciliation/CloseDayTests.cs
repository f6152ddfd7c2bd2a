using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>A day is closed by a person, once, and only when it proves itself.</summary>
public sealed class CloseDayTests
{
    public static TheoryData<DatabaseProvider> Providers => BillShop.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_day_whose_three_sums_agree_is_closed_for_ever(DatabaseProvider provider)
    {
        await using var shop = await BillShop.OpenAsync(provider);
        await shop.FillYesterdayAsync(20, number => BillShop.AmountOf(number), _ => true);
        Assert.Equal(CloseDayRefusal.NoBills, await RefusalAsync(shop, BillShop.Yesterday));
        await shop.FetchAsync(BillShop.Yesterday);

        var closed = Assert.IsType<CloseDayResult.Closed>(await CloseAsync(shop, BillShop.Yesterday)).Close;

        var (_, sheet) = Assert.NotNull(await shop.Portal.Get<ReconciliationQueries>().SheetAsync(shop.Owner.StoreId, BillShop.Yesterday, CancellationToken.None));
        Assert.True(sheet.IsProven);
        Assert.Equal((2_190L, 2_190L, 2_190L), (sheet.Orders.Net, sheet.Ledger.Net, sheet.Gateway.Net));
        Assert.Equal(sheet.Gateway.Fees, sheet.Ledger.Fees);
        Assert.Equal(await shop.Portal.ReadAsync(db => db.AnchorAsync(shop.Owner.StoreId, BillShop.Yesterday, CancellationToken.None)), sheet.Books);
        Assert.Contains(closed.Sha256, await shop.Portal.ReadAsync(db => db.AuditEntries.Where(row => row.Action == AuditActions.DayClosed).Select(row => row.AfterJson).SingleAsync()));
        Assert.Equal(CloseDayRefusal.AlreadyClosed, await RefusalAsync(shop, BillShop.Yesterday));
        await Assert.ThrowsAnyAsync<Exception>(() => shop.Portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => db.Database.ExecuteSqlAsync($"""UPDATE "DayCloses" SET "ClosedBy" = 'nobody'""", ct), CancellationToken.None));
    }

    [Fact]
    public async Task A_day_is_not_closed_while_something_is_open()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.FillYesterdayAsync(3, number => number == 1 ? null : BillShop.AmountOf(number), _ => true);
        await shop.FetchAsync(BillShop.Yesterday, fault: "not_ready");
        Assert.Equal(CloseDayRefusal.BillMissing, await RefusalAsync(shop, BillShop.Yesterday));
        await shop.FetchAsync(BillShop.Yesterday);
        Assert.Equal(CloseDayRefusal.OpenDifferences, await RefusalAsync(shop, BillShop.Yesterday));
        Assert.Equal(CloseDayRefusal.NotOver, await RefusalAsync(shop, BillShop.Today));

        var difference = (await shop.DifferencesAsync()).Single();
        await shop.Portal.Get<ResolveDifference>().ExecuteAsync(difference.Id, DifferenceAction.Explain, "别的系统收的", shop.Owner, CancellationToken.None);
        Assert.IsType<CloseDayResult.Closed>(await CloseAsync(shop, BillShop.Yesterday));

        var (_, sheet) = Assert.NotNull(await shop.Portal.Get<ReconciliationQueries>().SheetAsync(shop.Owner.StoreId, BillShop.Yesterday, CancellationToken.None));
        Assert.True(sheet.IsProven);
        Assert.Equal((101L, "别的系统收的"), (sheet.Explained, sheet.Differences.Single().Reason));
    }

    [Fact]
    public async Task A_later_bill_of_a_closed_day_makes_a_new_difference_and_leaves_the_sheet_alone()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.FillYesterdayAsync(3, number => BillShop.AmountOf(number), _ => true);
        await shop.FetchAsync(BillShop.Yesterday);
        var closed = Assert.IsType<CloseDayResult.Closed>(await CloseAsync(shop, BillShop.Yesterday)).Close;

        await shop.FetchAsync(BillShop.Yesterday, fault: "extra_line");

        Assert.Equal(DifferenceStatus.Open, (await shop.DifferencesAsync()).Single().Status);
        Assert.Equal(closed.Sha256, await shop.Portal.ReadAsync(db => db.DayCloses.Select(row => row.Sha256).SingleAsync()));
    }

    private static Task<CloseDayResult> CloseAsync(BillShop shop, DateOnly day) => shop.Portal.Get<CloseDay>().ExecuteAsync(day, shop.Owner, CancellationToken.None);

    private static async Task<CloseDayRefusal> RefusalAsync(BillShop shop, DateOnly day) => Assert.IsType<CloseDayResult.Refused>(await CloseAsync(shop, day)).Why;
}
