using System.Security.Cryptography;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

public sealed class CallbackCaseTests
{
    [Fact]
    public async Task Callbacks_for_a_number_that_nobody_gave_out_end_as_one_case()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = new FakeMessage(NotificationKind.PaymentSucceeded, "SOMEBODYELSES1", "T1", 500);
        await fixture.PostAsync(message);
        await fixture.PostAsync(message with { Id = "again" });

        await GiveUpAsync(fixture);

        Assert.All(await fixture.InboxAsync(), row => Assert.Equal(CallbackStatus.Quarantined, row.Status));
        var found = Assert.Single(await CasesAsync(fixture));
        Assert.Equal((CaseKind.UnknownOrder, "SOMEBODYELSES1", CaseStatus.Open), (found.Kind, found.SubjectKey, found.Status));
        Assert.NotNull(found.CaptureId);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_callback_that_our_own_code_cannot_handle_is_a_case_until_a_replay_books_it(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var message = await fixture.PromptedAsync();
        await fixture.BreakPaymentsAsync();
        await fixture.PostAsync(message);
        await GiveUpAsync(fixture);
        var entry = Assert.Single(await fixture.InboxAsync());
        var found = Assert.Single(await CasesAsync(fixture));
        Assert.Equal((CaseKind.DeadCallback, entry.Id, CaseStatus.Open), (found.Kind, found.CaptureId, found.Status));

        await fixture.MendPaymentsAsync();
        await fixture.ReplayAsync(entry.Id, dryRun: true);
        Assert.Equal(CaseStatus.Open, Assert.Single(await CasesAsync(fixture)).Status);
        await fixture.ReplayAsync(entry.Id);

        Assert.Equal((CaseStatus.Resolved, CaseResolution.Booked), (Assert.Single(await CasesAsync(fixture)).Status, Assert.Single(await CasesAsync(fixture)).Resolution));
        Assert.Equal(OrderStatus.Paid, (await fixture.OrderAsync()).Status);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_callback_that_was_quicker_than_its_order_is_booked_within_a_second_of_it(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var order = await fixture.PlaceAsync();
        const string OutTradeNo = "QUICKER000001";
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, (await fixture.PostAsync(new FakeMessage(NotificationKind.PaymentSucceeded, OutTradeNo, "T1", order.Amount))).Status);
        // The retries after one and six seconds find nothing yet; the next would come after 21.
        foreach (var _ in Enumerable.Range(0, 14))
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(0.5));
            await fixture.RetryDueAsync();
        }

        Assert.Equal(3, Assert.Single(await fixture.InboxAsync()).Attempts);
        await fixture.Portal.WriteAsync(db => db.Attempts.Add(NewAttempt(fixture, order, OutTradeNo)));
        fixture.Time.Advance(TimeSpan.FromSeconds(0.5));
        await fixture.RetryDueAsync();

        Assert.Equal(OrderStatus.Paid, (await fixture.OrderAsync()).Status);
        Assert.Equal(CallbackStatus.Applied, Assert.Single(await fixture.InboxAsync()).Status);
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Fact]
    public async Task An_account_whose_secret_cannot_be_opened_is_a_case_until_it_can()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = await fixture.PromptedAsync();
        var kept = await SecretAsync(fixture, _ => RandomNumberGenerator.GetBytes(64));
        await fixture.Portal.Get<AccountWatch>().RunOnceAsync(CancellationToken.None);
        await fixture.Portal.Get<AccountWatch>().RunOnceAsync(CancellationToken.None);
        var found = Assert.Single(await CasesAsync(fixture));

        Assert.Equal((CaseKind.AccountBroken, fixture.Account.Id.ToString("N"), CaseStatus.Open), (found.Kind, found.SubjectKey, found.Status));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await fixture.PostAsync(message)).Status);

        await SecretAsync(fixture, _ => kept);
        await fixture.Portal.Get<AccountWatch>().RunOnceAsync(CancellationToken.None);
        Assert.Equal((CaseStatus.Resolved, CaseResolution.Settled), (Assert.Single(await CasesAsync(fixture)).Status, Assert.Single(await CasesAsync(fixture)).Resolution));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await fixture.PostAsync(message)).Status);
    }

    private static Task<byte[]> SecretAsync(NotificationFixture fixture, Func<byte[], byte[]> change)
    {
        fixture.Time.Advance(TimeSpan.FromSeconds(6));
        return fixture.Portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var account = await db.ChannelAccounts.SingleAsync(ct);
                var before = account.SealedCredentials;
                account.SealedCredentials = change(before);
                return before;
            },
            CancellationToken.None);
    }

    private static PaymentAttempt NewAttempt(NotificationFixture fixture, Order order, string outTradeNo) => new()
    {
        StoreId = order.StoreId,
        OrderId = order.Id,
        ChannelAccountId = fixture.Account.Id,
        Method = PaymentMethod.Native,
        OutTradeNo = outTradeNo,
        Amount = order.Amount,
        Status = AttemptStatus.Prompted,
        CreatedAt = fixture.Time.GetUtcNow(),
        ExpiresAt = order.ExpiresAt,
    };

    private static async Task GiveUpAsync(NotificationFixture fixture)
    {
        for (var tries = 0; tries < 12; tries++)
        {
            fixture.Time.Advance(TimeSpan.FromHours(25));
            await fixture.RetryDueAsync();
        }
    }

    private static Task<List<Case>> CasesAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.Cases.AsNoTracking().OrderBy(row => row.Id).ToListAsync());
}
