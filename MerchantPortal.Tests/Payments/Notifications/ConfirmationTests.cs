using System.Net;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Where a signature proves too little, the gateway's word comes before the booking, on both databases.</summary>
public abstract class ConfirmationTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : ConfirmationTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : ConfirmationTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_confirmed_message_is_booked_and_never_confirmed_twice()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        fixture.Gateway.OnConfirm = _ => new Confirmation.Confirmed("Known.");

        Assert.Equal(HttpStatusCode.OK, (await fixture.PostAsync(message)).Status);

        var entry = Assert.Single(await fixture.InboxAsync());
        Assert.Equal((CallbackStatus.Applied, fixture.Time.GetUtcNow()), (entry.Status, entry.ConfirmedAt));
        fixture.Gateway.OnConfirm = _ => new Confirmation.Refuted("Its life is over.");
        Assert.Equal(CallbackStatus.Duplicate, (await fixture.ReplayAsync(entry.Id))?.Outcome);
        Assert.Single(fixture.Gateway.Calls, call => call.StartsWith("confirm", StringComparison.Ordinal));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_message_that_the_gateway_does_not_stand_by_moves_nothing_and_is_kept_apart()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        fixture.Gateway.OnConfirm = _ => new Confirmation.Refuted("Not ours.");

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.PostAsync(message)).Status);

        Assert.Empty(await fixture.InboxAsync());
        Assert.Equal(RejectionReasons.NotConfirmed, await fixture.Portal.ReadAsync(db => db.RejectedCaptures.Select(row => row.Reason).SingleAsync()));
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task A_message_waits_while_the_gateway_cannot_be_asked_and_is_booked_once_it_can()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        fixture.Gateway.OnConfirm = _ => new Confirmation.Unclear("No answer.");

        Assert.Equal(HttpStatusCode.InternalServerError, (await fixture.PostAsync(message)).Status);

        var waiting = Assert.Single(await fixture.InboxAsync());
        Assert.Equal((CallbackStatus.Deferred, DecisionReasons.ConfirmationUnclear), (waiting.Status, waiting.Reason));
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
        fixture.Gateway.OnConfirm = _ => new Confirmation.Confirmed("Known.");
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await fixture.Portal.Get<DeferredNotificationRetry>().RunOnceAsync(CancellationToken.None);
        Assert.Equal(CallbackStatus.Applied, Assert.Single(await fixture.InboxAsync()).Status);
        Assert.Equal(OrderStatus.Paid, (await fixture.OrderAsync()).Status);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_gateway_that_is_silent_for_four_seconds_defers_the_message()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        fixture.Gateway.OnConfirm = _ => new Confirmation.Confirmed("Too late.");
        fixture.Gateway.Answering = new TaskCompletionSource().Task;

        var posting = fixture.PostAsync(message);
        await fixture.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(4));
        fixture.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(HttpStatusCode.InternalServerError, (await posting).Status);
        Assert.Equal(DecisionReasons.ConfirmationUnclear, Assert.Single(await fixture.InboxAsync()).Reason);
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }
}
