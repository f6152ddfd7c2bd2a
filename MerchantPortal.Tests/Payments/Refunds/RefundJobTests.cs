using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Refunds;

public sealed class RefundJobTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Time_out_after_the_gateway_has_accepted_never_makes_a_second_refund(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Unknown("no answer in time");

        var refund = await shop.TakenAsync(500);
        Assert.Equal((RefundStatus.Requested, RefundFailures.Unclear), (refund.Status, refund.FailureCode));
        await shop.RunJobAsync(Minute);
        shop.Gateway.Refunds[refund.RefundNo].State = FakeRefundState.Succeeded;
        await shop.RunJobAsync(Minute);

        Assert.Equal(RefundStatus.Succeeded, Assert.Single(await shop.RefundsAsync()).Status);
        Assert.Equal(1, shop.Calls("refund"));
        Assert.Equal(500, (await shop.OrderAsync()).RefundedAmount);
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Time_out_before_the_gateway_heard_of_it_is_sent_again_under_the_same_number(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        shop.Gateway.OnRefund = (request, _) =>
        {
            shop.Gateway.Refunds.TryRemove(request.RefundNo, out var _);
            return new RefundResult.Unknown("connection refused");
        };

        var refund = await shop.TakenAsync(500);
        shop.Gateway.OnRefund = null;
        await shop.RunJobAsync(Minute);

        Assert.Equal(refund.RefundNo, Assert.Single(shop.Gateway.Refunds).Key);
        Assert.Equal(RefundStatus.Processing, Assert.Single(await shop.RefundsAsync()).Status);
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Refund_whose_process_died_before_sending_is_sent_by_the_job(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        var dying = new CancellationTokenSource();
        shop.Gateway.Answering = new TaskCompletionSource().Task;
        var asking = shop.Portal.Get<RefundPayment>().ExecuteAsync(
            new RefundWish(shop.OrderId, null, 500, RefundReason.Fraud, ""), shop.Fixture.Staff, dying.Token);
        while ((await shop.RefundsAsync()).Count == 0)
        {
            await Task.Yield();
        }

        await dying.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        shop.Gateway.Answering = Task.CompletedTask;
        await shop.RunJobAsync(Minute);

        Assert.Equal(RefundStatus.Processing, Assert.Single(await shop.RefundsAsync()).Status);
        Assert.Single(shop.Gateway.Refunds);
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Lost_notification_is_made_up_for_by_asking(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        var refund = await shop.TakenAsync(RefundShop.Amount);

        shop.Gateway.Refunds[refund.RefundNo].State = FakeRefundState.Succeeded;
        await shop.RunJobAsync(Minute);

        Assert.Equal(OrderStatus.Refunded, (await shop.OrderAsync()).Status);
        await shop.TellAsync(refund.RefundNo, FakeRefundState.Succeeded);
        Assert.Equal(RefundShop.Amount, (await shop.OrderAsync()).RefundedAmount);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Closed_refund_frees_the_money_and_a_late_success_is_booked_all_the_same()
    {
        using var shop = await RefundShop.OpenAsync();
        var refund = await shop.TakenAsync(500);

        await shop.TellAsync(refund.RefundNo, FakeRefundState.Closed);
        Assert.Equal(0, await shop.ReservedAsync());
        Assert.Single(await shop.OpenCasesAsync());
        await shop.TellAsync(refund.RefundNo, FakeRefundState.Succeeded);

        Assert.Equal(500, await shop.ReservedAsync());
        Assert.Equal(OrderStatus.PartiallyRefunded, (await shop.OrderAsync()).Status);
        Assert.Empty(await shop.OpenCasesAsync());
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Late_success_waits_when_the_money_is_promised_to_another_refund()
    {
        using var shop = await RefundShop.OpenAsync();
        var first = await shop.TakenAsync(RefundShop.Amount);
        await shop.TellAsync(first.RefundNo, FakeRefundState.Closed);
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Unknown("no answer");
        await shop.TakenAsync(RefundShop.Amount);

        await shop.TellAsync(first.RefundNo, FakeRefundState.Succeeded);

        Assert.Equal("refund_waits", (await shop.Fixture.InboxAsync())[^1].Reason);
        Assert.Equal(0, (await shop.OrderAsync()).RefundedAmount);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Stuck_refund_keeps_its_money_opens_a_case_and_is_asked_about_until_it_ends()
    {
        using var shop = await RefundShop.OpenAsync();
        var refund = await shop.TakenAsync(500);

        await shop.TellAsync(refund.RefundNo, FakeRefundState.Abnormal);
        Assert.Equal(500, await shop.ReservedAsync());
        Assert.Equal(RefundStatus.Abnormal, Assert.Single(await shop.RefundsAsync()).Status);
        Assert.Single(await shop.OpenCasesAsync());
        shop.Gateway.Refunds[refund.RefundNo].State = FakeRefundState.Succeeded;
        await shop.RunJobAsync(TimeSpan.FromHours(7));

        Assert.Equal(RefundStatus.Succeeded, Assert.Single(await shop.RefundsAsync()).Status);
        Assert.Empty(await shop.OpenCasesAsync());
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Gateway_that_never_answers_is_shown_to_a_person_and_asked_on()
    {
        using var shop = await RefundShop.OpenAsync();
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Unknown("no answer");
        shop.Gateway.OnQueryRefund = _ => new RefundResult.Unknown("no answer");

        await shop.TakenAsync(500);
        for (var i = 1; i < RefundSchedule.TriesUntilCase; i++)
        {
            Assert.Empty(await shop.OpenCasesAsync());
            await shop.RunJobAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal("RefundFailed", Assert.Single(await shop.OpenCasesAsync()).Kind.ToString());
        Assert.NotNull(Assert.Single(await shop.RefundsAsync()).NextTryAt);
        Assert.Equal(500, await shop.ReservedAsync());
    }

    [Fact]
    public async Task Nothing_is_written_by_a_job_whose_lease_is_somebody_elses()
    {
        using var shop = await RefundShop.OpenAsync();
        var refund = await shop.TakenAsync(500);
        shop.Fixture.Time.Advance(Minute);
        var lost = new HeldLease(RefundJob.LeaseName, Epoch: 0);

        await Assert.ThrowsAsync<LeaseLostException>(() => shop.Portal.Get<SettleRefund>()
            .ExecuteAsync(refund.Id, shop.Fixture.Staff, new SettleWish(Held: lost), CancellationToken.None));

        Assert.Equal(1, Assert.Single(await shop.RefundsAsync()).Tries);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Refund_that_was_refused_once_and_taken_after_all_is_followed_to_its_end(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Refused("NO", "no");
        shop.Gateway.OnQueryRefund = _ => new RefundResult.NotFound();
        var refund = await shop.TakenAsync(500);
        Assert.Equal((RefundStatus.Failed, null), (refund.Status, refund.NextTryAt));
        (shop.Gateway.OnRefund, shop.Gateway.OnQueryRefund) = (null, null);

        // The answer to a second request that was on its way together with the first.
        await shop.Portal.Get<PortalWriter>().WriteAsync(
            (db, ct) => new RefundAnswer(db, shop.Fixture.Account, shop.Fixture.Staff, shop.Fixture.Time.GetUtcNow()).RecordAsync(refund.Id, new RefundResult.Processing("R-1"), ct),
            CancellationToken.None);
        shop.Gateway.Refunds[refund.RefundNo].State = FakeRefundState.Succeeded;
        await shop.RunJobAsync(TimeSpan.FromMinutes(1));

        Assert.Equal((RefundStatus.Succeeded, null), (Assert.Single(await shop.RefundsAsync()).Status, Assert.Single(await shop.RefundsAsync()).NextTryAt));
        Assert.Equal(500, (await shop.OrderAsync()).RefundedAmount);
        await shop.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Message_that_names_a_refund_and_other_money_than_it_is_of_moves_nothing()
    {
        using var shop = await RefundShop.OpenAsync();
        var refund = await shop.TakenAsync(500);
        var surplus = await shop.PayAgainAsync();

        shop.Gateway.Refunds[refund.RefundNo].State = FakeRefundState.Succeeded;
        await shop.Fixture.PostAsync(shop.Gateway.TellOfRefund(refund.RefundNo) with { TransactionId = surplus.ChannelTransactionId });

        Assert.Equal(RefundStatus.Processing, Assert.Single(await shop.RefundsAsync()).Status);
        Assert.Equal("transaction_reused", (await shop.Fixture.InboxAsync())[^1].Reason);
        await shop.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Twenty_clicks_a_time_out_and_a_lost_notification_together_give_the_money_back_once(DatabaseProvider provider)
    {
        using var shop = await RefundShop.OpenAsync(provider);
        var number = RefundNumber.New(shop.Fixture.Time.GetUtcNow());
        shop.Gateway.OnRefund = (_, _) => new RefundResult.Unknown("no answer in time");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RefundAsync(RefundShop.Amount, number)));
        // It was made, and its notification never comes.
        Assert.Single(shop.Gateway.Refunds).Value.State = FakeRefundState.Succeeded;
        await shop.RunJobAsync(Minute);

        Assert.Equal((RefundStatus.Succeeded, number), (Assert.Single(await shop.RefundsAsync()).Status, Assert.Single(await shop.RefundsAsync()).RefundNo));
        Assert.Equal(1, shop.Calls("refund"));
        Assert.Equal((OrderStatus.Refunded, RefundShop.Amount), ((await shop.OrderAsync()).Status, (await shop.OrderAsync()).RefundedAmount));
        await shop.AssertInvariantsAsync();
    }
}
