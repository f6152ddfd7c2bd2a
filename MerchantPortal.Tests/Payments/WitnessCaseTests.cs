using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments;

public sealed class WitnessCaseTests
{
    [Fact]
    public async Task A_gateway_that_does_not_stand_by_its_callback_opens_a_case_and_settles_it_when_it_does_again()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        fixture.Gateway.Trades[message.OutTradeNo ?? ""].Kind = NotificationKind.PaymentPending;

        await QueryAsync(fixture);
        await QueryAsync(fixture);

        var found = Assert.Single(await CasesAsync(fixture));
        Assert.Equal((CaseKind.WitnessesDisagree, CaseStatus.Open), (found.Kind, found.Status));
        Assert.Equal((OrderStatus.Paid, OrderFlags.NeedsReview), ((await fixture.OrderAsync()).Status, (await fixture.OrderAsync()).Flags));
        Assert.Equal(1, await CountAsync(fixture, TimelineKind.WitnessesDisagree));

        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        fixture.Gateway.Trades[message.OutTradeNo ?? ""].Kind = NotificationKind.PaymentSucceeded;
        await QueryAsync(fixture);

        found = Assert.Single(await CasesAsync(fixture));
        Assert.Equal((CaseStatus.Resolved, CaseResolution.Settled), (found.Status, found.Resolution));
        Assert.Equal(OrderFlags.None, (await fixture.OrderAsync()).Flags);
        Assert.Equal(1, await CountAsync(fixture, TimelineKind.CaseResolved));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task What_a_person_has_explained_is_not_asked_again_while_nothing_is_new()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        fixture.Gateway.Trades[message.OutTradeNo ?? ""].Kind = NotificationKind.PaymentPending;
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await QueryAsync(fixture);
        var found = Assert.Single(await CasesAsync(fixture));
        await fixture.Portal.Get<ResolveCase>().ExecuteAsync(found.Id, CaseResolution.Explained, "seen at the gateway", fixture.Staff, CancellationToken.None);

        await QueryAsync(fixture);

        Assert.Equal(CaseStatus.Resolved, Assert.Single(await CasesAsync(fixture)).Status);
        Assert.Equal(OrderFlags.None, (await fixture.OrderAsync()).Flags);
    }

    [Fact]
    public async Task A_callback_that_was_not_believed_has_one_case_however_often_it_and_the_gateway_repeat_it()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync() with { Amount = 1 };
        fixture.Gateway.OnQuery = _ => new QueryResult.Known(FakeGateway.ToNotification(message, NotificationSource.Query));

        await fixture.PostAsync(message);
        await fixture.PostAsync(message with { Id = "again" });
        await QueryAsync(fixture);
        await QueryAsync(fixture);

        var found = Assert.Single(await CasesAsync(fixture));
        Assert.Equal((CaseKind.ShortMoney, 1L), (found.Kind, found.Amount));
        Assert.Equal(1, await CountAsync(fixture, TimelineKind.CallbackQuarantined));
        await fixture.Portal.AssertInvariantsAsync();
    }

    private static async Task QueryAsync(NotificationFixture fixture)
    {
        var attempt = await fixture.Portal.ReadAsync(db => db.Attempts.AsNoTracking().SingleAsync());
        await fixture.Portal.Get<QueryAttempt>().ExecuteAsync(attempt.Id, fixture.Staff, CancellationToken.None);
    }

    private static Task<List<Case>> CasesAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Cases.AsNoTracking().ToListAsync());

    private static Task<int> CountAsync(NotificationFixture fixture, TimelineKind kind) =>
        fixture.Portal.ReadAsync(db => db.Timeline.CountAsync(row => row.Kind == kind));
}
