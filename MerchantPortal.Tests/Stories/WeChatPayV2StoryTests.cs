using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

namespace MerchantPortal.Tests.Stories;

/// <summary>A merchant who stayed with WeChat Pay's older interface: over the API and the sandbox, all on real HTTP.</summary>
public sealed class WeChatPayV2StoryTests
{
    private const string Done = "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";
    private const string Again = "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[ERROR]]></return_msg></xml>";

    [Theory]
    [InlineData("MD5")]
    [InlineData("HMAC-SHA256")]
    public async Task An_order_is_paid_through_each_way(string signType)
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync(signType);
        foreach (var (way, kind) in new[] { ("native", "qr"), ("h5", "redirect"), ("jsapi", "jsapi"), ("app", "app") })
        {
            var payment = await shop.StartAsync(way);
            Assert.Equal(kind, (string)payment.Prompt["kind"]!);
            if (payment.Prompt["params"] is JsonObject parameters)
            {
                var name = way == "app" ? "sign" : "paySign";
                Assert.Equal(shop.Sign(parameters, without: name), (string)parameters[name]!);
            }

            var paid = await shop.PayAsync(payment);

            Assert.Equal((way, "delivered"), ((string)paid["trade"]!["product"]!, (string)paid["trade"]!["deliveries"]![0]!["state"]!));
            Assert.Equal(Done, (string)paid["trade"]!["deliveries"]![0]!["attempts"]![0]!["answer"]!);
            Assert.Equal("paid", await shop.StatusAsync(payment));
        }

        Assert.All(await shop.CallbacksAsync(), callback => Assert.Equal(("applied", "paid"), callback));
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("tamper", "rejected", "signature_invalid", Again)]
    [InlineData("wrong_key", "rejected", "signature_invalid", Again)]
    [InlineData("wrong_amount", "quarantined", "amount_mismatch", Done)]
    public async Task A_forged_or_wrong_message_moves_nothing_and_the_true_one_does(string fault, string status, string reason, string answer)
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();

        var paid = await shop.PayAsync(payment, fault);

        Assert.Equal(answer, (string)paid["trade"]!["deliveries"]![0]!["attempts"]![0]!["answer"]!);
        Assert.Equal([(status, reason)], await shop.CallbacksAsync());
        Assert.Equal("pending", await shop.StatusAsync(payment));

        await shop.SendAgainAsync(payment);
        Assert.Equal("paid", await shop.StatusAsync(payment));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Copies_and_a_second_transaction_count_as_what_they_are()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        await shop.PayAsync(await shop.StartAsync(), "duplicate:8");
        var callbacks = await shop.CallbacksAsync();
        Assert.Equal((8, 1, 7), (callbacks.Count, callbacks.Count(callback => callback == ("applied", "paid")), callbacks.Count(callback => callback.Status == "duplicate")));

        var twice = await shop.StartAsync();
        await shop.PayAsync(twice, "pay_twice");
        Assert.Contains(("applied", "duplicate_money"), await shop.CallbacksAsync());
        Assert.Equal(["duplicate_money"], (await shop.OrderAsync(twice))["flags"]!.AsArray().Select(flag => (string)flag!));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_delayed_message_and_one_after_the_end_are_booked_when_they_come()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        (await shop.Api.PostAsync($"/orders/{payment.Number}/close")).Must(200);
        Assert.Equal("closed", (string)(await shop.PayAsync(payment))["result"]!);

        await shop.PayAsync(payment, "pay_after_expiry");

        Assert.Equal([("applied", "paid_late")], await shop.CallbacksAsync());
        Assert.Equal("paid", await shop.StatusAsync(payment));
    }

    [Fact]
    public async Task A_lost_notification_is_found_by_a_query()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment, "lose");

        Assert.Equal("paid", (string)(await shop.Api.PostAsync($"/orders/{payment.Number}/query")).Must(200)["status"]!);

        await shop.SendAgainAsync(payment);
        Assert.Equal([("duplicate", "already_applied")], await shop.CallbacksAsync());
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("no_signature")]
    [InlineData("wrong_key")]
    public async Task No_answer_is_believed_without_the_right_signature(string fault)
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var number = await shop.Api.PlaceAsync();

        await shop.ControlAsync("faults", new { next_answer = fault });
        (await shop.TryStartAsync(number)).MustFail(502, "gateway_unclear");

        Assert.Equal("qr", (string)(await shop.StartAsync(number: number)).Prompt["kind"]!);
    }

    [Fact]
    public async Task A_stored_callback_is_replayed_and_a_forged_one_stays_forged()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment, "wrong_key");
        var forged = (string)(await shop.NewestCallbackAsync())["id"]!;
        Assert.Equal("rejected", await ReplayAsync(shop, forged));

        await shop.SendAgainAsync(payment);
        var applied = await shop.NewestCallbackAsync();
        Assert.Equal("duplicate", await ReplayAsync(shop, (string)applied["id"]!));
        Assert.Contains("Signed with the account's key.", applied["trace"]!.AsArray().Select(step => (string)step!["detail"]!));
        Assert.DoesNotContain((string)shop.Form["key"]!, applied.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", applied.ToJsonString(), StringComparison.Ordinal);
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Refunds_in_the_gateways_console_are_confirmed_and_booked()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        Assert.Equal("not_paid", (string)(await shop.RefundAsync(payment))["result"]!);
        await shop.PayAsync(payment);

        var first = await shop.RefundAsync(payment, 30);

        Assert.Equal(("refunded", 30), ((string)first["result"]!, (long)first["trade"]!["refunds"]![0]!["amount"]!));
        var order = await shop.OrderAsync(payment);
        Assert.Equal(("partially_refunded", 30), ((string)order["status"]!, (long)order["refunded"]!));
        Assert.Equal((string)first["trade"]!["refunds"]![0]!["out_refund_no"]!, (string)order["refunds"]![0]!["refund_no"]!);
        Assert.Equal(
            ["decrypt", "confirmed"], (await shop.NewestCallbackAsync())["trace"]!.AsArray().Select(step => (string)step!["step"]!).Where(step => step is "decrypt" or "confirmed"));
        Assert.Equal("amount_not_refundable", (string)(await shop.RefundAsync(payment, 71))["result"]!);

        await shop.RefundAsync(payment, fault: "duplicate:4");

        Assert.Equal("refunded", await shop.StatusAsync(payment));
        Assert.Equal(2, (await shop.CallbacksAsync()).Count(callback => callback == ("applied", "refunded")));
        Assert.Equal("refunded", (string)(await shop.Api.PostAsync($"/orders/{payment.Number}/query")).Must(200)["status"]!);
        await shop.Api.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData("tamper", "decrypt_failed")]
    [InlineData("wrong_key", "decrypt_failed")]
    [InlineData("wrong_amount", "not_confirmed")]
    public async Task A_false_refund_message_books_nothing_and_a_true_one_does(string fault, string reason)
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        await shop.PayAsync(payment);

        await shop.RefundAsync(payment, 30, fault);

        Assert.Equal(("rejected", reason), (await shop.CallbacksAsync())[^1]);
        Assert.Equal(("paid", 0), (await shop.StatusAsync(payment), (long)(await shop.OrderAsync(payment))["refunded"]!));

        await shop.SendAgainAsync(payment);
        Assert.Equal("partially_refunded", await shop.StatusAsync(payment));
        await shop.Api.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_refund_message_put_together_from_blocks_of_genuine_ones_is_refuted()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        var transaction = (string)(await shop.PayAsync(payment))["trade"]!["transaction_ids"]![0]!;
        var told = (await shop.RefundAsync(payment, 10))["trade"]!["refunds"]![0]!;
        var genuine = new Dictionary<string, string>
        {
            ["out_refund_no"] = (string)told["out_refund_no"]!,
            ["out_trade_no"] = payment.OutTradeNo,
            ["refund_fee"] = "10",
            ["refund_id"] = (string)told["refund_id"]!,
            ["refund_status"] = "SUCCESS",
            ["total_fee"] = "100",
            ["transaction_id"] = transaction,
        };
        var small = Encoding.UTF8.GetBytes(WeChatPayV2Fixture.Xml(genuine, "root"));
        var large = Encoding.UTF8.GetBytes(WeChatPayV2Fixture.Xml(new Dictionary<string, string>(genuine) { ["refund_fee"] = "90" }, "root"));
        var key = (string)shop.Form["key"]!;
        var forged = WeChatPayV2Fixture.Seal(small, key);
        for (var at = 0; at + 16 <= small.Length; at += 16)
        {
            if (!small.AsSpan(at, 16).SequenceEqual(large.AsSpan(at, 16)))
            {
                WeChatPayV2Fixture.Seal(large, key).AsSpan(at, 16).CopyTo(forged.AsSpan(at));
            }
        }

        Assert.Equal(Again, await shop.NotifyAsync(Notice(shop, forged)));

        Assert.Equal(("rejected", "not_confirmed"), (await shop.CallbacksAsync())[^1]);
        Assert.Equal(10, (long)(await shop.OrderAsync(payment))["refunded"]!);
        Assert.Equal(Done, await shop.NotifyAsync(Notice(shop, WeChatPayV2Fixture.Seal(small, key))));
        Assert.Equal(("duplicate", "already_applied"), (await shop.CallbacksAsync())[^1]);
    }

    [Fact]
    public async Task What_a_stranger_posts_is_answered_in_the_gateways_words_and_books_nothing()
    {
        await using var shop = await WeChatPayV2Shop.OpenAsync();
        var payment = await shop.StartAsync();
        foreach (var body in new[]
        {
            "", "oops", "{}", "<xml/>", "<!DOCTYPE xml [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><xml><a>&x;</a></xml>",
            "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>",
            $"<xml><return_code>SUCCESS</return_code><out_trade_no>{payment.OutTradeNo}</out_trade_no><total_fee>100</total_fee><sign></sign></xml>",
        })
        {
            Assert.Equal(Again, await shop.NotifyAsync(body));
        }

        Assert.All(await shop.CallbacksAsync(), callback => Assert.Equal("rejected", callback.Status));
        Assert.Equal("pending", await shop.StatusAsync(payment));
    }

    private static string Notice(WeChatPayV2Shop shop, byte[] sealedBytes) => WeChatPayV2Fixture.RefundNotice(sealedBytes)
        .Replace(WeChatPayV2Fixture.AppId, (string)shop.Form["app_id"]!, StringComparison.Ordinal)
        .Replace(WeChatPayV2Fixture.MchId, (string)shop.Form["mch_id"]!, StringComparison.Ordinal);

    private static async Task<string> ReplayAsync(WeChatPayV2Shop shop, string id) => (string)(await shop.Api.PostAsync(
        $"/callbacks/{id}/replay", """{"dry_run":false,"reason":"看一看"}""", Guid.NewGuid().ToString())).Must(200)["outcome"]!;
}
