using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;

public sealed class WeChatLegacyAppChannelTests
{
    private const string Prepaid = """{"prepayid":"1101000000140429eb40476f8896f4c9","errcode":0,"errmsg":"Success"}""";

    [Fact]
    public async Task Order_goes_out_in_a_signed_package_and_comes_back_as_params_for_the_app()
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid);

        var created = await WeChatLegacyAppFixture.Open(stub).CreateAsync(Request(), CancellationToken.None);

        var (path, body) = Assert.Single(stub.Calls);
        Assert.Equal("/pay/genprepay", path);
        Assert.Equal(
            ["app_signature", "appid", "noncestr", "package", "sign_method", "timestamp", "traceid"],
            body.Select(member => member.Key).Order(StringComparer.Ordinal));
        const string Fields = "bank_type=WX&body=测试 商品&fee_type=1&input_charset=UTF-8&notify_url=https://pay.example.com/notify/wechat-app/1"
            + "&out_trade_no=PX20260101000001&partner=1900000109&spbill_create_ip=203.0.113.7&time_expire=20261231123000&time_start=20261231120000&total_fee=12340";
        const string Encoded = "bank_type=WX&body=%E6%B5%8B%E8%AF%95%20%E5%95%86%E5%93%81&fee_type=1&input_charset=UTF-8"
            + "&notify_url=https%3A%2F%2Fpay.example.com%2Fnotify%2Fwechat-app%2F1&out_trade_no=PX20260101000001&partner=1900000109"
            + "&spbill_create_ip=203.0.113.7&time_expire=20261231123000&time_start=20261231120000&total_fee=12340";
        var package = $"{Encoded}&sign={WeChatLegacyAppFixture.Md5($"{Fields}&key={WeChatLegacyAppFixture.PartnerKey}")}";
        Assert.Equal(package, (string?)body["package"]);
        Assert.Equal(1_798_689_600, (long)body["timestamp"]!);
        Assert.Equal(
            WeChatLegacyAppFixture.Sha1($"appid={WeChatLegacyAppFixture.AppId}&appkey={WeChatLegacyAppFixture.PaySignKey}&noncestr={body["noncestr"]}&package={package}&timestamp=1798689600&traceid={body["traceid"]}"),
            (string?)body["app_signature"]);

        var prompt = Assert.IsType<CreateResult.Prompted>(created).Prompt;
        Assert.Equal(PromptKind.App, prompt.Kind);
        var told = prompt.Params ?? throw new InvalidOperationException();
        Assert.Equal(["appid", "noncestr", "package", "partnerid", "prepayid", "sign", "timestamp"], told.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            WeChatLegacyAppFixture.Sha1($"appid={WeChatLegacyAppFixture.AppId}&appkey={WeChatLegacyAppFixture.PaySignKey}&noncestr={told["noncestr"]}&package=Sign=WXPay&partnerid=1900000109&prepayid=1101000000140429eb40476f8896f4c9&timestamp=1798689600"),
            told["sign"]);
    }

    [Fact]
    public async Task Keys_never_travel_and_only_the_secret_fetches_the_token()
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid);
        var prompted = await WeChatLegacyAppFixture.Open(stub).CreateAsync(Request(), CancellationToken.None);

        var sent = $"{stub.Calls[0].Body.ToJsonString()} {stub.TokenCalls[0]} {string.Join(' ', Assert.IsType<CreateResult.Prompted>(prompted).Prompt.Params?.Values ?? [])}";
        Assert.DoesNotContain(WeChatLegacyAppFixture.PaySignKey, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(WeChatLegacyAppFixture.PartnerKey, sent, StringComparison.Ordinal);
        Assert.Equal("?grant_type=client_credential&appid=wxd678efh567hg6787&secret=0123456789abcdef0123456789abcdef", stub.TokenCalls[0].Query);
    }

    [Theory]
    [InlineData("""{"errcode":49004,"errmsg":"not match signature"}""", typeof(CreateResult.Refused))]
    [InlineData("""{"errcode":-1,"errmsg":"system busy"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"errcode":45009,"errmsg":"api freq out of limit"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"errcode":0,"errmsg":"Success"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"prepayid":"1"}""", typeof(CreateResult.Unknown))]
    [InlineData("[]", typeof(CreateResult.Unknown))]
    [InlineData("<html>", typeof(CreateResult.Unknown))]
    public async Task Answer_is_taken_for_what_it_says(string answer, Type result) => Assert.IsType(
        result, await WeChatLegacyAppFixture.Open(new WeChatLegacyAppStub((_, _) => answer)).CreateAsync(Request(), CancellationToken.None));

    [Fact]
    public async Task Token_is_fetched_once_and_anew_once_when_somebody_else_replaced_it()
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid);
        var channel = WeChatLegacyAppFixture.Open(stub);
        await channel.CreateAsync(Request(), CancellationToken.None);
        await channel.CreateAsync(Request(), CancellationToken.None);
        Assert.Single(stub.TokenCalls);

        stub.Killed = true;
        Assert.IsType<CreateResult.Prompted>(await channel.CreateAsync(Request(), CancellationToken.None));
        Assert.Equal((2, 3), (stub.TokenCalls.Count, stub.Calls.Count));
    }

    [Fact]
    public async Task Gateway_that_refuses_every_token_is_not_asked_for_ever()
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid) { RefusesAll = true };
        Assert.IsType<CreateResult.Unknown>(await WeChatLegacyAppFixture.Open(stub).CreateAsync(Request(), CancellationToken.None));
        Assert.Equal(2, stub.TokenCalls.Count);
    }

    [Theory]
    [InlineData("""{"errcode":40125,"errmsg":"invalid appsecret"}""", typeof(CreateResult.Refused))]
    [InlineData("""{"errcode":-1,"errmsg":"system busy"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"access_token":"T1"}""", typeof(CreateResult.Unknown))]
    [InlineData("""{"access_token":"","expires_in":7200}""", typeof(CreateResult.Unknown))]
    [InlineData("oops", typeof(CreateResult.Unknown))]
    public async Task Without_a_token_nothing_is_asked(string answer, Type result)
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid) { TokenAnswer = answer };
        Assert.IsType(result, await WeChatLegacyAppFixture.Open(stub).CreateAsync(Request(), CancellationToken.None));
        Assert.Empty(stub.Calls);
    }

    [Theory]
    [InlineData("http://api.weixin.qq.com/", PaymentMode.Live, false)]
    [InlineData("http://127.0.0.1:9/", PaymentMode.Live, true)]
    [InlineData("https://api.weixin.qq.com/", PaymentMode.Live, true)]
    [InlineData("http://pay.local/sandbox/wechat-app/", PaymentMode.Test, true)]
    public async Task Unsigned_answers_are_believed_from_a_proven_host_only(string baseUrl, PaymentMode mode, bool believed)
    {
        var asked = 0;
        var stub = new PlainStub(_ =>
        {
            asked++;
            return """{"access_token":"T","expires_in":7200,"prepayid":"1","errcode":0}""";
        });
        var created = await WeChatLegacyAppFixture.Open(stub, baseUrl, mode).CreateAsync(Request(), CancellationToken.None);
        Assert.Equal((believed, believed), (created is CreateResult.Prompted, asked > 0));
    }

    [Fact]
    public async Task Query_asks_with_a_signed_package_and_reads_the_order()
    {
        var stub = new WeChatLegacyAppStub((_, _) => Order());
        var queried = await WeChatLegacyAppFixture.Open(stub).QueryAsync(WeChatLegacyAppFixture.OutTradeNo, CancellationToken.None);

        var (path, body) = Assert.Single(stub.Calls);
        const string Fields = "out_trade_no=PX20260101000001&partner=1900000109";
        var package = $"{Fields}&sign={WeChatLegacyAppFixture.Md5($"{Fields}&key={WeChatLegacyAppFixture.PartnerKey}")}";
        Assert.Equal(("/pay/orderquery", package), (path, (string?)body["package"]));
        Assert.Equal(
            WeChatLegacyAppFixture.Sha1($"appid={WeChatLegacyAppFixture.AppId}&appkey={WeChatLegacyAppFixture.PaySignKey}&package={package}&timestamp=1798689600"),
            (string?)body["app_signature"]);
        var told = Assert.IsType<QueryResult.Known>(queried).Notification;
        Assert.Equal(
            (NotificationKind.PaymentSucceeded, NotificationSource.Query, "1900000109201307020305773741", 12_340L, "CNY", WeChatLegacyAppFixture.Partner),
            (told.Kind, told.Source, told.ChannelTransactionId, told.Amount, told.Currency, told.MerchantId));
    }

    [Theory]
    [InlineData("trade_state", "1", NotificationKind.PaymentPending)]
    [InlineData("is_refund", "true", NotificationKind.PaymentSucceeded)]
    public async Task Query_of_another_state_is_told_as_it_is(string field, string value, NotificationKind kind) =>
        Assert.Equal(kind, Assert.IsType<QueryResult.Known>(await QueryAsync(Order(field, value))).Notification.Kind);

    [Fact]
    public async Task Query_that_leaves_it_open_changes_nothing()
    {
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(Order("out_trade_no", "ANOTHER")));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(Order("ret_code", "1")));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync("""{"errcode":0,"errmsg":"ok"}"""));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync("""{"errcode":49004,"errmsg":"not match signature"}"""));
        Assert.IsType<QueryResult.NotFound>(await QueryAsync(Order("ret_code", "88221009")));
    }

    [Fact]
    public async Task Close_asks_nobody_because_there_is_nobody_to_ask() =>
        Assert.IsType<CloseResult.OnlyExpires>(await WeChatLegacyAppFixture.Open().CloseAsync(WeChatLegacyAppFixture.OutTradeNo, CancellationToken.None));

    [Fact]
    public async Task Delivery_is_reported_with_the_payer_of_the_signed_body()
    {
        var stub = new WeChatLegacyAppStub((_, _) => """{"errcode":0,"errmsg":"ok"}""");
        var result = await ReportAsync(stub, WeChatLegacyAppFixture.Body());

        Assert.IsType<DeliveryReportResult.Accepted>(result);
        var (path, body) = Assert.Single(stub.Calls);
        Assert.Equal(("/pay/delivernotify", "1", "ok", "1798689600"), (path, (string?)body["deliver_status"], (string?)body["deliver_msg"], (string?)body["deliver_timestamp"]));
        Assert.Equal(
            WeChatLegacyAppFixture.Sha1($"appid={WeChatLegacyAppFixture.AppId}&appkey={WeChatLegacyAppFixture.PaySignKey}&deliver_msg=ok&deliver_status=1&deliver_timestamp=1798689600&openid={WeChatLegacyAppFixture.OpenId}&out_trade_no=PX20260101000001&transid=T1"),
            (string?)body["app_signature"]);
    }

    [Theory]
    [InlineData("<xml><OpenId>oX99MDgNcgwnz3zFN3DNmo8uwa-w</OpenId></xml>")]
    [InlineData("")]
    [InlineData("no xml")]
    public async Task Delivery_waits_for_a_signed_payer(string body)
    {
        var stub = new WeChatLegacyAppStub((_, _) => """{"errcode":0,"errmsg":"ok"}""");
        Assert.IsType<DeliveryReportResult.Unknown>(await ReportAsync(stub, System.Text.Encoding.UTF8.GetBytes(body)));
        Assert.Empty(stub.Calls);
    }

    [Theory]
    [InlineData("app_id", "2021000000000001")]
    [InlineData("app_secret", "")]
    [InlineData("partner_id", "abc")]
    [InlineData("partner_key", "short")]
    [InlineData("pay_sign_key", "0123456789abcdef0123456789abcdef")]
    public void Wrong_field_is_named(string field, string value)
    {
        var form = WeChatLegacyAppFixture.Form();
        form[field] = value;
        Assert.Equal([field], Assert.IsType<ChannelFormResult.Invalid>(new WeChatLegacyAppDefinition().Read(form)).Errors.Keys);
    }

    [Fact]
    public void Blanks_of_a_pasted_key_are_dropped_and_keys_show_as_fingerprints_only()
    {
        var form = WeChatLegacyAppFixture.Form();
        form["pay_sign_key"] = $" {WeChatLegacyAppFixture.PaySignKey[..40]} \n{WeChatLegacyAppFixture.PaySignKey[40..]}\r\n";
        var valid = Assert.IsType<ChannelFormResult.Valid>(new WeChatLegacyAppDefinition().Read(form));

        Assert.Equal(WeChatLegacyAppFixture.PaySignKey, (string?)valid.Normalised["pay_sign_key"]);
        Assert.Equal((WeChatLegacyAppFixture.Partner, WeChatLegacyAppFixture.AppId), (valid.MerchantId, valid.AppId));
        Assert.All(valid.Fingerprints.Values, shown => Assert.Equal(16, shown.Length));
        Assert.Equal(["app_secret", "partner_key", "pay_sign_key"], valid.Fingerprints.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("明前龙井\r\n50g", "明前龙井  50g")]
    [InlineData(" \t ", WeChatLegacyAppFixture.OutTradeNo)]
    public void Subject_keeps_what_the_gateway_takes(string subject, string expected) =>
        Assert.Equal(expected, WeChatLegacyAppRequests.Body(subject, WeChatLegacyAppFixture.OutTradeNo));

    [Fact]
    public void Subject_is_cut_between_characters() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("茶", 42)), WeChatLegacyAppRequests.Body(string.Concat(Enumerable.Repeat("茶", 100)), ""));

    [Theory]
    [InlineData("2001:db8::1", "127.0.0.1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData(null, "127.0.0.1")]
    public async Task Address_of_the_payer_is_always_four_numbers(string? clientIp, string expected)
    {
        var stub = new WeChatLegacyAppStub((_, _) => Prepaid);
        await WeChatLegacyAppFixture.Open(stub).CreateAsync(Request() with { ClientIp = clientIp }, CancellationToken.None);
        Assert.Contains($"&spbill_create_ip={expected}&", (string?)stub.Calls[0].Body["package"], StringComparison.Ordinal);
    }

    private static CreatePayment Request() => new(
        WeChatLegacyAppFixture.OutTradeNo, 12_340, "测试 商品", PaymentMethod.App, WeChatLegacyAppFixture.Now.AddMinutes(30),
        new Uri("https://pay.example.com/notify/wechat-app/1"), new Uri("https://pay.example.com/pay/t/return"), ClientIp: "203.0.113.7");

    private static string Order(string field = "trade_state", string value = "0")
    {
        var order = new JsonObject
        {
            ["ret_code"] = 0,
            ["ret_msg"] = "",
            ["input_charset"] = "GBK",
            ["trade_state"] = "0",
            ["trade_mode"] = "1",
            ["partner"] = WeChatLegacyAppFixture.Partner,
            ["total_fee"] = "12340",
            ["fee_type"] = "1",
            ["transaction_id"] = "1900000109201307020305773741",
            ["out_trade_no"] = WeChatLegacyAppFixture.OutTradeNo,
            ["is_refund"] = "false",
            ["time_end"] = "20130702175943",
        };
        order[field] = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && field == "ret_code" ? number : value;
        return new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok", ["order_info"] = order }.ToJsonString();
    }

    private static Task<QueryResult> QueryAsync(string answer) =>
        WeChatLegacyAppFixture.Open(new WeChatLegacyAppStub((_, _) => answer)).QueryAsync(WeChatLegacyAppFixture.OutTradeNo, CancellationToken.None);

    private static Task<DeliveryReportResult> ReportAsync(WeChatLegacyAppStub stub, byte[] body) =>
        Assert.IsType<IDeliveryReporting>(WeChatLegacyAppFixture.Open(stub), exactMatch: false).ReportDeliveryAsync(
            new DeliveredPayment(WeChatLegacyAppFixture.OutTradeNo, "T1", WeChatLegacyAppFixture.Now, WeChatLegacyAppFixture.Post("", body)), CancellationToken.None);

    private sealed class PlainStub(Func<HttpRequestMessage, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(request)) });
    }
}
