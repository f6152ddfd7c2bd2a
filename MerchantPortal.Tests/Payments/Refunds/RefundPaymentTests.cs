using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Refunds;

public sealed class RefundPaymentTests
{
    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Full_refund_is_written_down_sent_and_settled_by_the_notification(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);

        var refund = await shop.TakenAsync(RefundShop.Amount);

        Assert.Equal((RefundStatus.Processing, "Li Wei", $"R-{refund.RefundNo}"), (refund.Status, refund.RequestedBy, refund.ChannelRefundId));
        Assert.Equal(OrderStatus.Paid, (await shop.OrderAsync()).Status);

        await shop.TellAsync(refund.RefundNo, FakeRefundState.Succeeded);

        var order = await shop.OrderAsync();
        Assert.Equal((OrderStatus.Refunded, RefundShop.Amount), (order.Status, order.RefundedAmount));
        Assert.Equal([LedgerMovement.Payment, LedgerMovement.Refund], await shop.MovementsAsync());
        Assert.Equal("refund.requested", await shop.Portal.ReadAsync(db => db.AuditEntries.Select(row => row.Action).SingleAsync()));
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Twenty_clicks_on_one_dialog_give_the_money_back_once(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        var number = RefundNumber.New(shop.Fixture.Time.GetUtcNow());

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RefundAsync(RefundShop.Amount, number)));

        Assert.Single(results.Cast<RefundPaymentResult.Taken>(), taken => taken.IsNew);
        Assert.Equal(1, shop.Calls("refund"));
        Assert.Equal(RefundShop.Amount, await shop.ReservedAsync());
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Twenty_refunds_at_once_never_give_back_more_than_was_paid(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RefundAsync(300)));

        Assert.Equal(4, results.Count(result => result is RefundPaymentResult.Taken));
        Assert.All(results.OfType<RefundPaymentResult.TooMuch>(), tooMuch => Assert.InRange(tooMuch.Remaining, 80, 299));
        Assert.Equal(1_200, shop.Gateway.Refunds.Values.Sum(refund => refund.Amount));
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Partial_refunds_add_up_to_the_payment_and_not_a_fen_more()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.RefundsBegin = FakeRefundState.Succeeded;

        await shop.TakenAsync(500);
        var half = await shop.OrderAsync();
        await shop.TakenAsync(780);

        Assert.Equal((OrderStatus.PartiallyRefunded, 500), (half.Status, half.RefundedAmount));
        Assert.Equal(OrderStatus.Refunded, (await shop.OrderAsync()).Status);
        Assert.Equal(new RefundPaymentResult.TooMuch(0), await shop.RefundAsync(1));
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Same_number_asks_for_the_same_refund_and_no_other_amount()
    {
        using var shop = await RefundShop.OpenAsync();

        var first = await shop.TakenAsync(500, "RF-0001");
        var again = Assert.IsType<RefundPaymentResult.Taken>(await shop.RefundAsync(500, "RF-0001"));

        Assert.Equal((first.Id, false), (again.Refund.Id, again.IsNew));
        Assert.Equal(RefundPaymentResult.Refused.NumberUsed, await shop.RefundAsync(501, "RF-0001"));
        Assert.Equal(1, shop.Calls("refund"));
    }

    [Fact]
    public async Task What_cannot_be_refunded_is_refused_before_anything_is_written()
    {
        using var shop = await RefundShop.OpenAsync();

        Assert.Equal(RefundPaymentResult.Refused.AmountInvalid, await shop.RefundAsync(0));
        Assert.Equal(RefundPaymentResult.Refused.NumberInvalid, await shop.RefundAsync(1, "no blanks please"));
        Assert.Equal(RefundPaymentResult.Refused.NothingPaid, await shop.RefundAsync(1, paymentId: Guid.NewGuid()));
        Assert.Equal(RefundPaymentResult.Refused.ReasonMissing, await shop.Portal.Get<RefundPayment>().ExecuteAsync(
            new RefundWish(shop.OrderId, null, 1, RefundReason.Other, " "), shop.Fixture.Staff, CancellationToken.None));
        shop.Gateway.RefundObstacle = RefundFailures.CertificateMissing;
        Assert.Equal(RefundFailures.CertificateMissing, Assert.IsType<RefundPaymentResult.Refused>(await shop.RefundAsync(1)).Code);
        Assert.Empty(await shop.RefundsAsync());
    }

    [Fact]
    public async Task Refusal_frees_the_money_and_opens_a_case()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.Trades.Clear();

        var refund = await shop.TakenAsync(500);

        Assert.Equal((RefundStatus.Failed, "NO_TRADE", null), (refund.Status, refund.FailureCode, refund.NextTryAt));
        Assert.Equal(0, await shop.ReservedAsync());
        Assert.Equal("RefundFailed", Assert.Single(await shop.OpenCasesAsync()).Kind.ToString());
        Assert.True((await shop.OrderAsync()).Flags.HasFlag(OrderFlags.NeedsReview));
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Refusal_does_not_count_while_the_gateway_knows_the_refund()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Refused("ODD", "says no and has made it");

        var refund = await shop.TakenAsync(500);

        Assert.Equal(RefundStatus.Processing, refund.Status);
        Assert.Equal(500, await shop.ReservedAsync());
    }

    [Fact]
    public async Task Balance_too_small_is_tried_again_with_the_same_number_and_the_case_ends_by_itself()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.OnRefund = (request, _) =>
        {
            shop.Gateway.Refunds.TryRemove(request.RefundNo, out var _);
            return new RefundResult.Postponed(RefundFailures.BalanceTooSmall, "基本账户余额不足");
        };

        var refund = await shop.TakenAsync(500);

        Assert.Equal((RefundStatus.Requested, RefundFailures.BalanceTooSmall), (refund.Status, refund.FailureCode));
        Assert.Single(await shop.OpenCasesAsync());
        shop.Gateway.OnRefund = null;
        shop.Gateway.RefundsBegin = FakeRefundState.Succeeded;
        await shop.RunJobAsync(TimeSpan.FromMinutes(1));
        var settled = Assert.Single(await shop.RefundsAsync());
        Assert.Equal((RefundStatus.Succeeded, refund.RefundNo, null), (settled.Status, settled.RefundNo, settled.FailureCode));
        Assert.Empty(await shop.OpenCasesAsync());
        Assert.Equal(OrderFlags.None, (await shop.OrderAsync()).Flags);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Surplus_goes_back_by_its_own_number_and_leaves_the_order_paid()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.RefundsBegin = FakeRefundState.Succeeded;
        var surplus = await shop.PayAgainAsync();
        Assert.True((await shop.OrderAsync()).Flags.HasFlag(OrderFlags.DuplicateMoney));

        await shop.TakenAsync(280, paymentId: surplus.Id);
        Assert.True((await shop.OrderAsync()).Flags.HasFlag(OrderFlags.DuplicateMoney));
        await shop.TakenAsync(1_000, paymentId: surplus.Id);

        var order = await shop.OrderAsync();
        Assert.Equal((OrderStatus.Paid, 0, OrderFlags.None), (order.Status, order.RefundedAmount, order.Flags));
        Assert.All(shop.Gateway.Refunds.Values, refund => Assert.Equal("SECOND", refund.TransactionId));
        Assert.Equal([LedgerMovement.Payment, LedgerMovement.SurplusPayment, LedgerMovement.SurplusRefund, LedgerMovement.SurplusRefund], await shop.MovementsAsync());
        Assert.Empty(await shop.OpenCasesAsync());
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Surplus_given_back_at_the_gateway_itself_settles_the_case_too()
    {
        using var shop = await RefundShop.OpenAsync();
        var surplus = await shop.PayAgainAsync();

        await shop.Fixture.PostAsync(shop.Gateway.Trades[shop.Attempt.OutTradeNo].ToMessage() with
        {
            Kind = MerchantPortal.Payments.Notifications.NotificationKind.RefundSucceeded,
            TransactionId = surplus.ChannelTransactionId,
            RefundNo = "CONSOLE-1",
            RefundAmount = RefundShop.Amount,
        });

        var order = await shop.OrderAsync();
        Assert.Equal((OrderStatus.Paid, 0, OrderFlags.None), (order.Status, order.RefundedAmount, order.Flags));
        var refund = Assert.Single(await shop.RefundsAsync());
        Assert.Equal((RefundReason.AtGateway, surplus.Id), (refund.ReasonCode, refund.PaymentId));
        Assert.Empty(await shop.OpenCasesAsync());
        await shop.AssertInvariantsAsync();
    }
}
