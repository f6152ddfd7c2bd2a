using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>WeChat Pay changes its platform certificate in the middle of the traffic, and no payment is lost or forged by it.</summary>
public sealed class CertificateRotationTests
{
    [Fact]
    public async Task An_account_without_any_key_downloads_them_and_takes_money()
    {
        await using var shop = await WeChatApiShop.OpenAsync(form: WithoutKeys);
        var number = await shop.Api.PlaceAsync();
        var attempt = (await shop.StartAsync(number, "jsapi")).Must(201);

        await shop.PayAsync(WeChatApiShop.PrepayIdOf(attempt["prompt"]));

        Assert.Equal("paid", await shop.StatusAsync(number));
        var key = Assert.Single(await shop.Api.Portal.ReadAsync(db => db.PlatformKeys.ToListAsync()));
        Assert.True(key.NotAfter > DateTimeOffset.UnixEpoch.AddYears(57));
        var account = (await shop.Api.GetAsync("/channel-accounts")).Must(200)["items"]?.AsArray().Single(row => (string?)row?["channel"] == "wechat-v3");
        Assert.Matches("^[0-9a-f]{16}$", (string?)account?["fingerprints"]?[$"platform_keys.{key.Serial}"]);
        Assert.Equal(key.NotAfter, (DateTimeOffset?)account?["key_expiries"]?[$"platform_keys.{key.Serial}"]);
    }

    [Fact]
    public async Task After_a_rotation_one_message_is_refused_and_its_next_try_pays_the_order()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock), WithoutKeys);
        var first = await StartAsync(shop);
        await shop.PayAsync(first.PrepayId);
        Assert.Equal("paid", await shop.StatusAsync(first.Number));
        var second = await StartAsync(shop);

        await RotateAsync(shop);
        clock.Advance(RefreshPlatformKeys.Window);
        var paid = await shop.PayAsync(second.PrepayId);

        Assert.Equal(401, (int?)paid["trade"]?["deliveries"]?[0]?["attempts"]?[0]?["status_code"]);
        Assert.Equal((1, "pending"), (await CountAsync(shop, RejectionReasons.UnknownKey), await shop.StatusAsync(second.Number)));
        await KeysAsync(shop, 2);
        clock.Advance(TimeSpan.FromSeconds(2));
        await shop.QuietAsync();

        Assert.Equal("paid", await shop.StatusAsync(second.Number));
        Assert.Equal(1, await CountAsync(shop, RejectionReasons.UnknownKey));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_call_that_is_answered_under_the_new_key_does_not_even_notice()
    {
        var clock = new FakeTimeProvider();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock), WithoutKeys);
        await StartAsync(shop);
        await RotateAsync(shop);
        clock.Advance(RefreshPlatformKeys.Window);

        var order = await StartAsync(shop);
        await shop.PayAsync(order.PrepayId);

        Assert.Equal("paid", await shop.StatusAsync(order.Number));
        Assert.Equal(0, await CountAsync(shop, RejectionReasons.UnknownKey));
    }

    [Fact]
    public async Task A_flood_of_unknown_serials_causes_one_download_per_window()
    {
        var clock = new FakeTimeProvider();
        var downloads = new CountDownloads();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock).ConfigureServices(downloads.Watch), WithoutKeys);
        await StartAsync(shop);
        Assert.Equal(1, downloads.Count);

        await FloodAsync(shop, clock, 40);
        Assert.Equal(1, downloads.Count);

        clock.Advance(RefreshPlatformKeys.Window);
        var second = downloads.NextAsync();
        await FloodAsync(shop, clock, 40);
        await second;
        await FloodAsync(shop, clock, 40);
        Assert.Equal(2, downloads.Count);
    }

    [Fact]
    public async Task A_download_that_fails_is_tried_again_after_a_minute_and_no_earlier()
    {
        var clock = new FakeTimeProvider();
        var downloads = new CountDownloads();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock).ConfigureServices(downloads.Watch), WithoutKeys);
        await StartAsync(shop);
        clock.Advance(RefreshPlatformKeys.Window);
        await RotateAsync(shop);
        downloads.Fail = true;

        var number = await shop.Api.PlaceAsync();
        (await shop.StartAsync(number, "h5")).MustFail(502, "gateway_unclear");
        downloads.Fail = false;
        (await shop.StartAsync(number, "h5")).MustFail(502, "gateway_unclear");
        Assert.Equal(2, downloads.Count);
        clock.Advance(RefreshPlatformKeys.FailureWindow);
        (await shop.StartAsync(number, "h5")).Must(201);
        Assert.Equal(3, downloads.Count);
    }

    [Fact]
    public async Task Keys_outlive_a_restart_and_reach_another_instance()
    {
        var folder = Directory.CreateTempSubdirectory("portal-two-");
        // Several instances share a PostgreSQL database; a SQLite file serves one.
        var database = await PostgresCluster.CreateDatabaseAsync();
        var clock = new FakeTimeProvider();
        var downloads = new CountDownloads();
        await using (var shop = await WeChatApiShop.OpenAsync(portal => Share(portal, folder, database).WithClock(clock), WithoutKeys))
        {
            var order = await StartAsync(shop);
            await using var other = await PortalFactory.StartAsync(configure: portal =>
                Share(portal, folder, database).WithClock(clock)
                .Set("Portal:PublicBaseUrl", shop.Api.Portal.Address.AbsoluteUri).Set("Sandbox:Enabled", "false").ConfigureServices(downloads.Watch));
            Assert.IsType<QueryResult.NotFound>(await AskAsync(other, shop.AccountId));

            await shop.PayAsync(order.PrepayId, "lose");
            await RotateAsync(shop);
            await shop.Api.Portal.WriteAsync(db => db.ChannelAccounts.Single(row => row.Id == shop.AccountId).PlatformKeysNotBefore = null);
            shop.Api.Portal.Get<PaymentChannels>().Forget(shop.AccountId);
            await shop.ControlAsync("send-again", new JsonObject { ["prepay_id"] = order.PrepayId });
            await KeysAsync(shop, 2);

            // The other instance takes the very bytes that were refused here.
            var refused = await other.ReadAsync(db => db.RejectedCaptures.SingleAsync());
            other.Get<PaymentChannels>().Forget(shop.AccountId);
            Assert.Equal(HttpStatusCode.OK, await PostAsync(other, refused));
            Assert.Equal("paid", await shop.StatusAsync(order.Number));
            Assert.Equal(0, downloads.Count);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_changed_form_starts_over_and_a_new_name_does_not()
    {
        await using var shop = await WeChatApiShop.OpenAsync(form: WithoutKeys);
        await StartAsync(shop);
        var kept = await shop.Api.Portal.ReadAsync(db => db.PlatformKeys.Select(row => row.Id).SingleAsync());

        await shop.SaveAsync(fields => fields["name"] = "微信支付");
        Assert.Equal(kept, await shop.Api.Portal.ReadAsync(db => db.PlatformKeys.Select(row => row.Id).SingleAsync()));

        await shop.SaveAsync(fields => fields["app_secret"] = new string('a', 32));
        await StartAsync(shop);
        Assert.NotEqual(kept, await shop.Api.Portal.ReadAsync(db => db.PlatformKeys.Select(row => row.Id).SingleAsync()));
    }

    [Fact]
    public async Task Old_keys_are_refreshed_before_anybody_misses_a_new_one()
    {
        var clock = new FakeTimeProvider();
        var downloads = new CountDownloads();
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock).ConfigureServices(downloads.Watch), WithoutKeys);
        await StartAsync(shop);
        await RotateAsync(shop);

        var next = downloads.NextAsync();
        await shop.Api.Portal.WriteAsync(db => db.ChannelAccounts.Single(row => row.Id == shop.AccountId).PlatformKeysAt = clock.GetUtcNow() - TimeSpan.FromHours(11));
        clock.Advance(TimeSpan.FromMinutes(10));
        await next;
        await KeysAsync(shop, 2);
    }

    [Fact]
    public async Task An_account_with_a_public_key_alone_never_asks()
    {
        var clock = new FakeTimeProvider();
        var downloads = new CountDownloads();
        using var key = RSA.Create(2048);
        await using var shop = await WeChatApiShop.OpenAsync(portal => portal.WithClock(clock).ConfigureServices(downloads.Watch), form => form["platform_keys"] =
            new JsonArray(new JsonObject { ["serial"] = WeChatPlatform.Serial, ["public_key"] = key.ExportSubjectPublicKeyInfoPem() }));
        var channels = shop.Api.Portal.Get<PaymentChannels>();

        await channels.RefreshKeysAsync(shop.AccountId, CancellationToken.None);
        Assert.Equal(0, downloads.Count);

        await shop.SaveAsync(WithoutKeys);
        await channels.RefreshKeysAsync(shop.AccountId, CancellationToken.None);
        Assert.Equal(1, downloads.Count);
    }

    private static void WithoutKeys(JsonObject form) => form["platform_keys"] = new JsonArray();

    private static PortalFactory Share(PortalFactory portal, DirectoryInfo folder, string database) => portal
        .WithOwnKeys().Set("Database:Provider", "PostgreSql").Set("ConnectionStrings:Portal", database)
        .Set("ConnectionStrings:Sandbox", $"Data Source={Path.Combine(folder.FullName, "sandbox.db")}");

    private static async Task<(string Number, string PrepayId)> StartAsync(WeChatApiShop shop)
    {
        var number = await shop.Api.PlaceAsync();
        return (number, WeChatApiShop.PrepayIdOf((await shop.StartAsync(number, "jsapi")).Must(201)["prompt"]));
    }

    private static async Task RotateAsync(WeChatApiShop shop) =>
        Assert.Equal("rotated", (string?)(await shop.ControlAsync("rotate-certificate", []))["result"]);

    private static Task<int> CountAsync(WeChatApiShop shop, string reason) =>
        shop.Api.Portal.ReadAsync(db => db.RejectedCaptures.CountAsync(row => row.Reason == reason));

    /// <summary>Waits until the refresh that runs behind everybody's back has stored what it found.</summary>
    private static async Task KeysAsync(WeChatApiShop shop, int count)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await shop.Api.Portal.ReadAsync(db => db.PlatformKeys.CountAsync(patience.Token)) < count)
        {
            await Task.Yield();
        }
    }

    private static async Task<QueryResult> AskAsync(PortalFactory portal, Guid accountId) =>
        await (await portal.Get<PaymentChannels>().FindAsync(accountId, CancellationToken.None) ?? throw new InvalidOperationException("No account."))
            .Channel.QueryAsync("NOSUCHNUMBER1", CancellationToken.None);

    private static async Task FloodAsync(WeChatApiShop shop, TimeProvider clock, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shop.Api.Portal.Address, $"notify/wechat-v3/{shop.AccountId:N}")) { Content = new StringContent("{}") };
            request.Headers.Add("Wechatpay-Timestamp", clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("Wechatpay-Nonce", $"n{i}");
            request.Headers.Add("Wechatpay-Serial", $"CAFE{i:X4}");
            request.Headers.Add("Wechatpay-Signature", Convert.ToBase64String(new byte[256]));
            using var response = await shop.Api.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(PortalFactory portal, Capture capture)
    {
        using var http = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal.Address, capture.Path.TrimStart('/'))) { Content = new ByteArrayContent(capture.Body) };
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(capture.HeadersJson.ToString()) ?? [])
        {
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
