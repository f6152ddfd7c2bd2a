using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>Bills of the sandbox, fetched over HTTP with real signatures, against the books.</summary>
public sealed class ReconciliationTests
{
    private const int Lines = 10_000;
    private const int MissingHere = 17;
    private const int MissingThere = 4_321;
    private const int WrongHere = 9_000;

    public static TheoryData<DatabaseProvider> Providers => BillShop.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Ten_thousand_lines_with_four_faults_give_exactly_four_differences(DatabaseProvider provider)
    {
        await using var shop = await BillShop.OpenAsync(provider);
        await shop.FillYesterdayAsync(
            Lines, number => number == MissingHere ? null : BillShop.AmountOf(number) + (number == WrongHere ? 7 : 0), number => number != MissingThere);

        Assert.Equal(BillDayState.Failed, await shop.FetchAsync(BillShop.Yesterday, fault: "truncated"));
        Assert.Equal(BillDayState.Failed, await shop.FetchAsync(BillShop.Yesterday, fault: "wrong_hash"));
        Assert.Empty(await shop.DifferencesAsync());
        Assert.Equal(BillDayState.Fetched, await shop.FetchAsync(BillShop.Yesterday, fault: "doubled_line"));

        var found = await shop.DifferencesAsync();
        Assert.Equal(
            [
                (DifferenceKind.Long, BillShop.TransactionOf(MissingHere), BillShop.AmountOf(MissingHere)),
                (DifferenceKind.Short, BillShop.TransactionOf(MissingThere), -BillShop.AmountOf(MissingThere)),
                (DifferenceKind.Amount, BillShop.TransactionOf(WrongHere), -7L), (DifferenceKind.Duplicate, $"{BillShop.TransactionOf(0)}#{Lines + 1}", 100L),
            ],
            found.Select(row => (row.Kind, row.SubjectKey, row.Delta)).Order());
        Assert.Equal(4, await shop.Portal.ReadAsync(db => db.Cases.CountAsync(row => row.Kind == CaseKind.BillDifference && row.Status == CaseStatus.Open)));
        await AssertDoingItAgainChangesNothingAsync(shop, found);
    }

    /// <summary>The same bill once more, this time with a byte order mark.</summary>
    private static async Task AssertDoingItAgainChangesNothingAsync(BillShop shop, List<BillDifference> found)
    {
        var fees = await FeesAsync(shop);
        await shop.FetchAsync(BillShop.Yesterday, fault: "doubled_line");
        Assert.Equal(found.Select(row => row.Id), (await shop.DifferencesAsync()).Select(row => row.Id));
        Assert.Equal(1, await shop.Portal.ReadAsync(db => db.GatewayBills.CountAsync()));
        Assert.Equal(Lines, await shop.Portal.ReadAsync(db => db.BillLines.CountAsync()));
        Assert.Equal(fees, await FeesAsync(shop));

        // The corrected bill: the doubled line is gone, and its difference with it.
        await shop.FetchAsync(BillShop.Yesterday, fault: "bom");
        var now = await shop.DifferencesAsync();
        Assert.Equal(4, now.Count);
        Assert.Equal(DifferenceStatus.Settled, now.Single(row => row.Kind == DifferenceKind.Duplicate).Status);
        Assert.Equal(3, await shop.Portal.ReadAsync(db => db.Cases.CountAsync(row => row.Kind == CaseKind.BillDifference && row.Status == CaseStatus.Open)));
        Assert.Equal(fees, await FeesAsync(shop));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_good_day_has_no_difference_and_its_fees_are_booked_once(DatabaseProvider provider)
    {
        await using var shop = await BillShop.OpenAsync(provider);
        foreach (var channel in new[] { BillShop.WeChat, BillShop.Alipay })
        {
            var trade = await shop.SellAsync(channel: channel);
            await shop.Sandbox.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 840 });
            await shop.Sandbox.QuietAsync();
            await shop.FetchAsync(BillShop.Today, channel);
            await shop.FetchAsync(BillShop.Today, channel, "bom");
        }

        Assert.Empty(await shop.DifferencesAsync());
        // 0.60 % of ¥128.40, less what came back with ¥8.40, twice.
        Assert.Equal((4, 2 * (77L - 5)), await FeesAsync(shop));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("missing_line", DifferenceKind.Short)]
    [InlineData("extra_line", DifferenceKind.Long)]
    [InlineData("wrong_amount", DifferenceKind.Amount)]
    [InlineData("doubled_line", DifferenceKind.Duplicate)]
    [InlineData("wrong_fee", DifferenceKind.Fee)]
    public async Task Each_fault_of_a_bill_is_a_difference_that_the_right_bill_settles(string fault, DifferenceKind kind)
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        await shop.SellAsync();

        await shop.FetchAsync(BillShop.Today, fault: fault);
        Assert.Equal((kind, DifferenceStatus.Open), (await shop.DifferencesAsync()).Select(row => (row.Kind, row.Status)).Single());

        await shop.FetchAsync(BillShop.Today);

        // A fee that was booked stays booked until a person takes the gateway's new word.
        Assert.Equal(kind == DifferenceKind.Fee ? DifferenceStatus.Open : DifferenceStatus.Settled, (await shop.DifferencesAsync()).Single().Status);
    }

    [Fact]
    public async Task A_corrected_fee_is_booked_when_a_person_accepts_it()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        await shop.FetchAsync(BillShop.Today, fault: "wrong_fee");
        await shop.FetchAsync(BillShop.Today);
        Assert.Equal((1, 780L), await FeesAsync(shop));

        var difference = (await shop.DifferencesAsync()).Single();
        await shop.Portal.Get<ResolveDifference>().ExecuteAsync(difference.Id, DifferenceAction.Accept, "网关已更正", shop.Owner, CancellationToken.None);
        await shop.FetchAsync(BillShop.Today);

        Assert.Equal((2, 77L), await FeesAsync(shop));
        Assert.Single(await shop.DifferencesAsync());
    }

    [Fact]
    public async Task A_refund_that_the_books_do_not_know_is_a_difference()
    {
        await using var shop = await BillShop.OpenAsync();
        var trade = await shop.SellAsync();
        await shop.Sandbox.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 840, out_refund_no = "R1", fault = "lose" });

        await shop.FetchAsync(BillShop.Today);

        Assert.Equal((DifferenceKind.Refund, "refund:R1", -840L), (await shop.DifferencesAsync()).Select(row => (row.Kind, row.SubjectKey, row.Delta)).Single());
    }

    private static async Task<(int Movements, long Sum)> FeesAsync(BillShop shop)
    {
        var entries = await shop.Portal.ReadAsync(db => db.LedgerEntries.AsNoTracking().Where(row => row.Account == LedgerAccount.Fees).ToListAsync());
        return (entries.Count, entries.Sum(row => row.Debit - row.Credit));
    }
}
