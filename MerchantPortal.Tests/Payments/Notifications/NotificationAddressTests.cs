using System.Net;
using System.Net.Sockets;
using System.Text;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>What a notify address answers to those who do not send what a gateway sends.</summary>
public sealed class NotificationAddressTests
{
    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Other_methods_than_post_are_not_allowed(string method)
    {
        using var fixture = await NotificationFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/notify/fake/{fixture.Account.Id:N}");
        using var response = await fixture.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/notify/fake/00000000000000000000000000000000")]
    [InlineData("/notify/fake/not-an-id")]
    [InlineData("/notify/alipay/{account}")]
    public async Task Unknown_accounts_and_channels_are_not_found_without_a_word(string path)
    {
        using var fixture = await NotificationFixture.StartAsync();
        using var response = await fixture.Client.PostAsync(
            path.Replace("{account}", $"{fixture.Account.Id:N}", StringComparison.Ordinal), new StringContent("a=b"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_over_64_kibibytes_is_refused_and_kept_without_its_bytes()
    {
        using var fixture = await NotificationFixture.StartAsync();
        using var response = await fixture.Client.PostAsync($"/notify/fake/{fixture.Account.Id:N}", new ByteArrayContent(new byte[(64 * 1024) + 1]));

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        var kept = await fixture.Portal.ReadAsync(db => db.RejectedCaptures.AsNoTracking().SingleAsync());
        Assert.Equal(RejectionReasons.BodyTooLarge, kept.Reason);
        Assert.Empty(kept.Body);
        Assert.Equal(ReplayRefusals.NoBody, (await fixture.ReplayAsync(kept.Id))?.RefusalCode);
    }

    [Fact]
    public async Task Both_values_of_a_header_sent_twice_are_kept_and_the_channel_refuses_them()
    {
        using var fixture = await NotificationFixture.StartAsync();
        using var request = FakeGateway.Notify(fixture.Account, await fixture.PromptedAsync());
        request.Headers.Add(FakeChannelDefinition.SignatureHeader, "another");
        using var response = await fixture.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var kept = await fixture.Portal.ReadAsync(db => db.RejectedCaptures.AsNoTracking().SingleAsync());
        Assert.Contains("another", kept.HeadersJson.ToString(), StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Pending, (await fixture.OrderAsync()).Status);
    }

    [Fact]
    public async Task A_request_that_stays_unfinished_is_ended_after_five_seconds_and_leaves_nothing()
    {
        using var fixture = await NotificationFixture.StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(fixture.Portal.Address.Host, fixture.Portal.Address.Port);
        await using var stream = tcp.GetStream();
        // The deadline is on the portal's clock and starts when the request has been taken up.
        var armed = fixture.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(5));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /notify/fake/{fixture.Account.Id:N} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"));

        await armed.WaitAsync(Patience.Limit);
        fixture.Time.Advance(TimeSpan.FromSeconds(6));

        var answer = new byte[1024];
        var length = await stream.ReadAsync(answer).AsTask().WaitAsync(Patience.Limit);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        Assert.Empty(await fixture.InboxAsync());
    }

    [Fact]
    public async Task A_flood_of_forgeries_fills_the_ring_and_no_more()
    {
        using var fixture = await NotificationFixture.StartAsync();
        var message = new FakeMessage(NotificationKind.PaymentSucceeded, "M1", "T1", 1);
        for (var i = 0; i < RejectedRate.Burst + 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.PostAsync(message with { Id = $"flood-{i}" }, key: "forger")).Status);
        }

        Assert.Equal(CaptureStore.RingSize, await CountAsync(fixture));
        Assert.DoesNotContain("flood-510", await NewestAsync(fixture), StringComparison.Ordinal);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 40; i++)
        {
            await fixture.PostAsync(message with { Id = $"later-{i}" }, key: "forger");
        }

        Assert.Equal(CaptureStore.RingSize, await CountAsync(fixture));
        Assert.Equal(CaptureStore.RingSize, await fixture.Portal.ReadAsync(db => db.CaptureAttempts.CountAsync()));
        Assert.Equal(RejectedRate.PerSecond, await fixture.Portal.ReadAsync(async db =>
            (await db.RejectedCaptures.Select(row => row.Body).ToListAsync()).Count(body => Encoding.UTF8.GetString(body).Contains("later-", StringComparison.Ordinal))));
    }

    private static Task<int> CountAsync(NotificationFixture fixture) => fixture.Portal.ReadAsync(db => db.RejectedCaptures.CountAsync());

    private static async Task<string> NewestAsync(NotificationFixture fixture) =>
        Encoding.UTF8.GetString(await fixture.Portal.ReadAsync(db => db.RejectedCaptures.OrderByDescending(row => row.Id).Select(row => row.Body).FirstAsync()));
}
