using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>A difference ends by the gateway's own word or by a person's reason, never by the bill alone.</summary>
public sealed class ResolveDifferenceTests
{
    [Fact]
    public async Task A_payment_whose_notification_was_lost_is_booked_after_the_gateway_has_vouched_for_it()
    {
        await using var shop = await BillShop.OpenAsync();
        var trade = await shop.SellAsync("lose");
        await shop.FetchAsync(BillShop.Today);
        var difference = Assert.Single(await shop.DifferencesAsync());
        Assert.Equal((DifferenceKind.Long, OrderStatus.Pending), (difference.Kind, (await shop.Sandbox.OrderAsync(trade)).Status));

        var result = await ResolveAsync(shop, difference.Id, DifferenceAction.Book, "通知丢失");

        Assert.IsType<ResolveDifferenceResult.Resolved>(result);
        Assert.Equal(OrderStatus.Paid, (await shop.Sandbox.OrderAsync(trade)).Status);
        Assert.Equal((DifferenceStatus.Booked, "通知丢失", "林小姐"), (await shop.DifferencesAsync()).Select(row => (row.Status, row.Reason, row.ResolvedBy)).Single());
        Assert.Equal((CaseStatus.Resolved, CaseResolution.Booked), await CaseAsync(shop));
        await shop.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData(BillShop.WeChat)]
    [InlineData(BillShop.Alipay)]
    public async Task A_refund_of_the_gateway_s_console_whose_notification_was_lost_is_booked_after_the_gateway_has_vouched_for_it(string channel)
    {
        await using var shop = await BillShop.OpenAsync();
        var trade = await shop.SellAsync(channel: channel);
        await shop.Sandbox.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 100, out_refund_no = "RF-1", fault = "lose" });
        await shop.FetchAsync(BillShop.Today, channel);
        var difference = Assert.Single(await shop.DifferencesAsync());
        Assert.Equal((DifferenceKind.Refund, OrderStatus.Paid), (difference.Kind, (await shop.Sandbox.OrderAsync(trade)).Status));

        Assert.IsType<ResolveDifferenceResult.Resolved>(await ResolveAsync(shop, difference.Id, DifferenceAction.Book, "在渠道后台退的"));

        var order = await shop.Sandbox.OrderAsync(trade);
        Assert.Equal((OrderStatus.PartiallyRefunded, 100L), (order.Status, order.RefundedAmount));
        Assert.Equal(DifferenceStatus.Booked, (await shop.DifferencesAsync()).Single().Status);
        await shop.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Nothing_is_booked_that_only_the_bill_tells()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        await shop.FetchAsync(BillShop.Today, fault: "extra_line");
        var difference = Assert.Single(await shop.DifferencesAsync());

        Assert.IsType<ResolveDifferenceResult.CannotBook>(await ResolveAsync(shop, difference.Id, DifferenceAction.Book, "try"));
        Assert.Equal(DifferenceStatus.Open, (await shop.DifferencesAsync()).Single().Status);
    }

    [Fact]
    public async Task A_reason_ends_a_difference_for_good_and_stands_in_the_audit_trail()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        await shop.SellAsync();
        await shop.FetchAsync(BillShop.Today, fault: "missing_line");
        var id = (await shop.DifferencesAsync()).Single().Id;

        Assert.IsType<ResolveDifferenceResult.ReasonMissing>(await ResolveAsync(shop, id, DifferenceAction.Explain, " "));
        Assert.IsType<ResolveDifferenceResult.Resolved>(await ResolveAsync(shop, id, DifferenceAction.Explain, "网关次日补入"));
        Assert.IsType<ResolveDifferenceResult.NotOpen>(await ResolveAsync(shop, id, DifferenceAction.Accept, "again"));
        await shop.FetchAsync(BillShop.Today, fault: "missing_line");

        Assert.Equal(DifferenceStatus.Explained, (await shop.DifferencesAsync()).Single().Status);
        Assert.Equal((CaseStatus.Resolved, CaseResolution.Explained), await CaseAsync(shop));
        Assert.Equal("网关次日补入", await shop.Portal.ReadAsync(
            db => db.AuditEntries.Where(row => row.Action == AuditActions.DifferenceResolved).Select(row => row.Reason).SingleAsync()));
    }

    [Fact]
    public async Task A_stranger_cannot_end_a_difference()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync();
        await shop.SellAsync();
        await shop.FetchAsync(BillShop.Today, fault: "missing_line");
        var id = (await shop.DifferencesAsync()).Single().Id;

        Assert.IsType<ResolveDifferenceResult.NotOpen>(await shop.Portal.Get<ResolveDifference>().ExecuteAsync(
            id, DifferenceAction.Explain, "?", shop.Owner with { StoreId = Guid.NewGuid() }, CancellationToken.None));
    }

    private static Task<ResolveDifferenceResult> ResolveAsync(BillShop shop, Guid id, DifferenceAction action, string reason) =>
        shop.Portal.Get<ResolveDifference>().ExecuteAsync(id, action, reason, shop.Owner, CancellationToken.None);

    private static async Task<(CaseStatus, CaseResolution?)> CaseAsync(BillShop shop)
    {
        var found = await shop.Portal.ReadAsync(db => db.Cases.AsNoTracking().SingleAsync(row => row.Kind == CaseKind.BillDifference));
        return (found.Status, found.Resolution);
    }
}
