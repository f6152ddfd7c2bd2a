using System.Text;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Notifications;

public abstract class NotificationQueriesTests(DatabaseProvider provider)
{
    public sealed class OnSqlite() : NotificationQueriesTests(DatabaseProvider.Sqlite);

    public sealed class OnPostgreSql() : NotificationQueriesTests(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task Proven_and_unproven_callbacks_are_one_list_that_pages_without_gap()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var paid = await fixture.PromptedAsync();
        await fixture.PostAsync(paid);
        await fixture.PostAsync(paid, key: "forger");
        await fixture.PostAsync(paid);
        await fixture.PostAsync(paid, key: "forger");
        await fixture.PostAsync(new FakeMessage(NotificationKind.PaymentSucceeded, "M1NONE", "T9", 1));

        var seen = new List<NotificationRow>();
        Guid? before = null;
        do
        {
            var page = await Queries(fixture).ListAsync(fixture.Store.Id, new NotificationFilter(), before, 2, CancellationToken.None);
            seen.AddRange(page.Rows);
            before = page.Older;
        }
        while (before is not null);

        Assert.Equal(5, seen.Count);
        Assert.Equal(5, seen.DistinctBy(row => row.Id).Count());
        Assert.Equal([.. seen.Select(row => row.Id.ToString("N")).OrderDescending(StringComparer.Ordinal)], seen.Select(row => row.Id.ToString("N")));
        Assert.Equal(
            [CallbackStatus.Applied, CallbackStatus.Duplicate, CallbackStatus.Deferred, CallbackStatus.Rejected, CallbackStatus.Rejected],
            seen.Select(row => row.Status).Order());
        Assert.Empty((await Queries(fixture).ListAsync(Guid.NewGuid(), new NotificationFilter(), null, 10, CancellationToken.None)).Rows);
    }

    [Fact]
    public async Task Filters_find_by_tab_reason_number_and_time()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var paid = await fixture.PromptedAsync();
        await fixture.PostAsync(paid);
        await fixture.PostAsync(paid);
        await fixture.PostAsync(paid, key: "forger");
        await fixture.PostAsync(new FakeMessage(NotificationKind.PaymentSucceeded, "M1NONE", "T9", 1));

        Assert.Equal([CallbackStatus.Rejected], await StatusesAsync(fixture, new() { Tab = NotificationTab.Failed }));
        Assert.Equal([CallbackStatus.Duplicate], await StatusesAsync(fixture, new() { Tab = NotificationTab.Duplicates }));
        Assert.Equal([CallbackStatus.Deferred], await StatusesAsync(fixture, new() { Tab = NotificationTab.UnknownOrder }));
        Assert.Empty(await StatusesAsync(fixture, new() { Tab = NotificationTab.DeadLetters }));
        Assert.Empty(await StatusesAsync(fixture, new() { Tab = NotificationTab.Replayed }));
        Assert.Equal([CallbackStatus.Rejected], await StatusesAsync(fixture, new() { Reason = RejectionReasons.SignatureInvalid }));
        Assert.Equal([CallbackStatus.Deferred], await StatusesAsync(fixture, new() { Text = "T9" }));
        Assert.Equal(2, (await StatusesAsync(fixture, new() { Text = paid.OutTradeNo?[..17] })).Count);
        Assert.Equal(2, (await StatusesAsync(fixture, new() { Text = paid.TransactionId })).Count);
        Assert.Equal(2, (await StatusesAsync(fixture, new() { Text = paid.Id })).Count);
        Assert.Equal([CallbackStatus.Deferred], await StatusesAsync(fixture, new() { Text = "M1NO" }));
        Assert.Equal([CallbackStatus.Duplicate], await StatusesAsync(fixture, new() { Text = paid.OutTradeNo, Tab = NotificationTab.Duplicates }));
        Assert.Empty(await StatusesAsync(fixture, new() { Tab = NotificationTab.Failed, Status = CallbackStatus.Deferred }));
        Assert.Equal(4, (await StatusesAsync(fixture, new() { From = fixture.Time.GetUtcNow(), To = fixture.Time.GetUtcNow().AddSeconds(1) })).Count);
        Assert.Empty(await StatusesAsync(fixture, new() { To = fixture.Time.GetUtcNow() }));
        Assert.Empty(await StatusesAsync(fixture, new() { From = fixture.Time.GetUtcNow().AddSeconds(1) }));
        Assert.Equal(4, (await StatusesAsync(fixture, new() { AccountId = fixture.Account.Id, Channel = FakeChannelDefinition.Name })).Count);
    }

    [Fact]
    public async Task Health_counts_what_came_and_only_genuine_trouble_needs_a_person()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var paid = await fixture.PromptedAsync() with { OccurredAt = fixture.Time.GetUtcNow().AddSeconds(-3) };
        await fixture.PostAsync(paid);
        await fixture.PostAsync(paid, key: "forger");
        await fixture.PostAsync(await fixture.PromptedAsync() with { Amount = 1 });
        var now = fixture.Time.GetUtcNow();

        var health = await Queries(fixture).HealthAsync(fixture.Store.Id, now.AddHours(-1), now.AddHours(1), CancellationToken.None);

        Assert.Equal(new NotificationHealth(3, 2, 1, 1, TimeSpan.FromSeconds(3)), health);
        Assert.Equal(1, await Queries(fixture).CountNeedsPersonAsync(fixture.Store.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_notice_of_a_refund_says_nothing_of_how_fast_callbacks_come()
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var paid = await fixture.PromptedAsync() with { OccurredAt = fixture.Time.GetUtcNow().AddSeconds(-3) };
        await fixture.PostAsync(paid);
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        await fixture.PostAsync(paid with { Id = "refund", Kind = NotificationKind.RefundSucceeded, RefundNo = "R1", RefundId = "F1", RefundAmount = 100 });
        var now = fixture.Time.GetUtcNow();

        var health = await Queries(fixture).HealthAsync(fixture.Store.Id, now.AddHours(-1), now.AddHours(1), CancellationToken.None);

        Assert.Equal(new NotificationHealth(2, 2, 0, 0, TimeSpan.FromSeconds(3)), health);
        var page = await Queries(fixture).ListAsync(fixture.Store.Id, new NotificationFilter(), null, 10, CancellationToken.None);
        Assert.Equal(new TimeSpan?[] { null, TimeSpan.FromSeconds(3) }, page.Rows.Select(row => row.Latency));
        Assert.All(page.Rows, row => Assert.Equal(CallbackStatus.Applied, row.Status));
    }

    [Fact]
    public void A_decoded_body_masks_payers_by_the_name_of_the_field()
    {
        var json = DecodedBody.Of(Encoding.UTF8.GetBytes("""{"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"amount":{"total":1}}"""));
        Assert.Equal([new("payer.openid", "****eS6o"), new("amount.total", "1")], json?.Fields);
        var form = DecodedBody.Of("buyer_logon_id=abc%40example.com&subject=%E8%8C%B6"u8.ToArray());
        Assert.Equal([new("buyer_logon_id", "****.com"), new("subject", "茶")], form?.Fields);
        Assert.Contains(new("subject", "茶"), DecodedBody.Of("subject=%B2%E8&charset=GBK"u8.ToArray())!.Fields);
        Assert.Contains(new("subject", "茶"), DecodedBody.Of("subject=%B2%E8&a=1"u8.ToArray())!.Fields);
        Assert.Equal(2, DecodedBody.Of("a=1&a=2"u8.ToArray())?.Fields.Count);
        Assert.Equal("xml", DecodedBody.Of("<xml><openid>oUpF8uMuAJO</openid></xml>"u8.ToArray())?.Format);
        Assert.Null(DecodedBody.Of([0xff, 0xfe, 0x00]));
    }

    [Fact]
    public void A_message_in_the_address_is_decoded_in_its_own_charset_before_the_body()
    {
        var decoded = DecodedBody.Of("<xml><OpenId>oUpF8uMuAJO_M2pxb1Q9zNjWeS6o</OpenId></xml>"u8.ToArray(), "?input_charset=GBK&attach=%C1%FA%BE%AE&buyer_alias=abcdefghij");
        Assert.Equal("query", decoded?.Format);
        Assert.Equal([new("input_charset", "GBK"), new("attach", "龙井"), new("buyer_alias", "****ghij"), new("OpenId", "****eS6o")], decoded?.Fields);
        Assert.Equal("json", DecodedBody.Of("{}"u8.ToArray(), "")?.Format);
        Assert.Equal("xml", DecodedBody.Of("<xml><a>1</a></xml>"u8.ToArray(), "?a=%zz")?.Format);
    }

    private static NotificationQueries Queries(NotificationFixture fixture) => fixture.Portal.Get<NotificationQueries>();

    private static async Task<List<CallbackStatus>> StatusesAsync(NotificationFixture fixture, NotificationFilter filter)
    {
        var page = await Queries(fixture).ListAsync(fixture.Store.Id, filter, null, 50, CancellationToken.None);
        Assert.Equal(page.Rows.Count, await Queries(fixture).CountAsync(fixture.Store.Id, filter, CancellationToken.None));
        return [.. page.Rows.Select(row => row.Status)];
    }
}
