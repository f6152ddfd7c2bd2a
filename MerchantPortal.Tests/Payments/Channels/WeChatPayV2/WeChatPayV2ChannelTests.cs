using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using MerchantPortal.Payments.Notifications;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV2.WeChatPayV2Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

/// <summary>Creating, querying and closing: what is sent, and what is believed of the answers.</summary>
public sealed class WeChatPayV2ChannelTests
{
    [Theory]
    [InlineData("MD5")]
    [InlineData("HMAC-SHA256")]
    public async Task A_native_order_is_signed_and_shows_its_code(string signType)
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["code_url"] = "weixin://wxpay/bizpayurl?pr=1", ["prepay_id"] = "wx1" }, signType);

        var prompted = Assert.IsType<CreateResult.Prompted>(await Open(stub, signType).CreateAsync(Order(), CancellationToken.None));

        Assert.Equal(PaymentPrompt.Qr("weixin://wxpay/bizpayurl?pr=1") with { GoodUntil = Now.AddHours(2).AddSeconds(-30) }, prompted.Prompt);
        var (path, fields) = Assert.Single(stub.Calls);
        Assert.Equal("/pay/unifiedorder", path);
        Assert.Equal(Sign(fields, signType, Key), fields["sign"]);
        Assert.Equal(32, fields["nonce_str"].Length);
        Assert.Equal(
            $"appid={AppId}&body=测试商品 A&fee_type=CNY&mch_id={MchId}&notify_url=https://pay.example.com/notify/wechat-v2/x&out_trade_no={OutTradeNo}&product_id={OutTradeNo}"
                + $"&sign_type={signType}&spbill_create_ip=203.0.113.7&time_expire=20261231123000&time_start=20261231120000&total_fee=12340&trade_type=NATIVE",
            SortedFields.Text(fields, "sign", "nonce_str"));
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("nonsense", "127.0.0.1")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public async Task The_buyers_address_is_always_sent(string? given, string sent)
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["code_url"] = "x" });

        await Open(stub).CreateAsync(Order() with { ClientIp = given }, CancellationToken.None);

        Assert.Equal(sent, Assert.Single(stub.Calls).Fields["spbill_create_ip"]);
    }

    [Fact]
    public async Task An_order_that_ends_at_once_lives_a_minute_because_less_is_refused()
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["code_url"] = "x" });

        await Open(stub).CreateAsync(Order() with { ExpiresAt = Now.AddSeconds(5) }, CancellationToken.None);

        Assert.Equal("20261231120101", Assert.Single(stub.Calls).Fields["time_expire"]);
    }

    [Fact]
    public async Task The_page_script_gets_camel_case_and_its_own_signature()
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["prepay_id"] = "wx201411101639507cbf6ffd8b0779950874" });

        var prompt = Assert.IsType<CreateResult.Prompted>(await Open(stub).CreateAsync(Order(PaymentMethod.Jsapi), CancellationToken.None)).Prompt;

        Assert.Equal("oUpF8uMEb4qRXf22hE3X68TekukE", Assert.Single(stub.Calls).Fields["openid"]);
        Assert.Equal((PromptKind.Jsapi, null, Now.AddHours(2).AddSeconds(-30)), (prompt.Kind, prompt.Url, prompt.GoodUntil));
        var params_ = Assert.IsAssignableFrom<IReadOnlyDictionary<string, string>>(prompt.Params);
        Assert.Equal(["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"], params_.Keys);
        Assert.Equal(("1798689600", "prepay_id=wx201411101639507cbf6ffd8b0779950874", "MD5"), (params_["timeStamp"], params_["package"], params_["signType"]));
        Assert.Equal(Sign(params_.Where(field => field.Key != "paySign"), "MD5", Key), params_["paySign"]);
    }

    [Fact]
    public void The_app_gets_the_corrected_signature_of_the_published_example()
    {
        var form = Form(key: "19000001090000000000000000000000", appId: "wx2421b1c4370ec43b");
        var prompt = new WeChatPayV2Prompt(new WeChatPayV2Account(form), TimeProvider.System).ForApp("wx201411101639507cbf6ffd8b0779950874", "5K8264ILTKCH16CQ2", "1412000000");

        Assert.Equal(["appid", "partnerid", "prepayid", "package", "noncestr", "timestamp", "sign"], prompt.Keys);
        Assert.Equal("Sign=WXPay", prompt["package"]);
        Assert.Equal(Sign(prompt.Where(field => field.Key != "sign"), "MD5", "19000001090000000000000000000000"), prompt["sign"]);
        Assert.NotEqual("0586C6E4A2AA6D297F4046362D878BAC", prompt["sign"]);
    }

    [Fact]
    public async Task The_app_order_is_led_to_the_app()
    {
        var prompt = Assert.IsType<CreateResult.Prompted>(
            await Open(WeChatPayV2Stub.Saying(new() { ["prepay_id"] = "wx1" })).CreateAsync(Order(PaymentMethod.App), CancellationToken.None)).Prompt;

        Assert.Equal((PromptKind.App, "wx1", MchId), (prompt.Kind, prompt.Params?["prepayid"], prompt.Params?["partnerid"]));
        Assert.Equal(Now.AddHours(2).AddSeconds(-30), prompt.GoodUntil);
    }

    [Fact]
    public async Task The_phone_browser_is_sent_to_wechat_and_told_the_way_back()
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["mweb_url"] = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1&package=2" });

        var prompt = Assert.IsType<CreateResult.Prompted>(await Open(stub).CreateAsync(Order(PaymentMethod.H5), CancellationToken.None)).Prompt;

        Assert.Equal(
            "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=1&package=2&redirect_url=https%3A%2F%2Fpay.example.com%2Fpay%2Ft%2Freturn", prompt.Url);
        Assert.Equal(Now.AddMinutes(5).AddSeconds(-30), prompt.GoodUntil);
        Assert.Equal(
            ("MWEB", """{"h5_info":{"type":"Wap","wap_url":"https://pay.example.com","wap_name":"pay.example.com"}}"""),
            (stub.Calls[0].Fields["trade_type"], stub.Calls[0].Fields["scene_info"]));
    }

    [Fact]
    public async Task What_a_method_needs_is_asked_for_before_the_gateway_is()
    {
        Assert.Equal("openid_missing", Refused(await Open().CreateAsync(Order(PaymentMethod.Jsapi) with { OpenId = null }, CancellationToken.None)));
        Assert.Equal("client_ip_missing", Refused(await Open().CreateAsync(Order(PaymentMethod.H5) with { ClientIp = null }, CancellationToken.None)));
        Assert.Equal("method_not_supported", Refused(await Open().CreateAsync(Order(PaymentMethod.Page), CancellationToken.None)));
    }

    [Theory]
    [InlineData("a\u0001b\r\nc", "a b  c")]
    [InlineData("\uFFFE\uFFFF", OutTradeNo)]
    [InlineData("]]> & <x>", "]]> & <x>")]
    [InlineData("  ", OutTradeNo)]
    public async Task A_subject_is_sent_as_XML_can_carry_it(string subject, string body)
    {
        var stub = WeChatPayV2Stub.Saying(new() { ["code_url"] = "x" });

        await Open(stub).CreateAsync(Order() with { Subject = subject }, CancellationToken.None);

        var fields = Assert.Single(stub.Calls).Fields;
        Assert.Equal((body, Sign(fields, "MD5", Key)), (fields["body"], fields["sign"]));
    }

    [Fact]
    public void A_long_subject_is_cut_between_characters()
    {
        Assert.Equal(new string('茶', 42), WeChatPayV2Order.Body(new string('茶', 60), OutTradeNo));
        Assert.Equal(new string('a', 124), WeChatPayV2Order.Body(new string('a', 124) + "🍵", OutTradeNo));
    }

    [Theory]
    [InlineData("ORDERCLOSED")]
    [InlineData("NOAUTH")]
    [InlineData("OUT_TRADE_NO_USED")]
    [InlineData("APPID_MCHID_NOT_MATCH")]
    public async Task A_signed_no_is_a_no(string code) =>
        Assert.Equal(code, Refused(await CreateAsync(WeChatPayV2Stub.Answer(new() { ["err_code"] = code, ["err_code_des"] = "不行" }))));

    [Theory]
    [InlineData("ORDERPAID")]
    [InlineData("SYSTEMERROR")]
    [InlineData("FREQUENCY_LIMITED")]
    public async Task A_no_that_may_be_none_is_unknown(string code) =>
        Assert.IsType<CreateResult.Unknown>(await CreateAsync(WeChatPayV2Stub.Answer(new() { ["err_code"] = code })));

    [Theory]
    [InlineData("签名错误", true)]
    [InlineData("appid不存在", true)]
    [InlineData("系统繁忙，请稍后再试", false)]
    [InlineData("SYSTEMERROR", false)]
    public async Task A_call_that_was_turned_away_made_no_order(string message, bool refused)
    {
        var created = await CreateAsync($"<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[{message}]]></return_msg></xml>");

        Assert.Equal(refused, created is CreateResult.Refused);
    }

    public static TheoryData<string> Unproven => new()
    {
        Xml([new("return_code", "SUCCESS"), new("result_code", "SUCCESS"), new("code_url", "x")]),
        WeChatPayV2Stub.Answer(new() { ["code_url"] = "x" }, key: new string('k', 32)),
        WeChatPayV2Stub.Answer(new() { ["code_url"] = "x" }, "HMAC-SHA256"),
        WeChatPayV2Stub.Answer(new() { ["code_url"] = "x", ["mch_id"] = "1" }),
        WeChatPayV2Stub.Answer(new() { ["code_url"] = "x", ["appid"] = "wx1" }),
        WeChatPayV2Stub.Answer(new() { ["prepay_id"] = "x" }),
        "<!DOCTYPE xml>" + WeChatPayV2Stub.Answer(new() { ["code_url"] = "x" }),
        WeChatPayV2Stub.Answer(new() { ["code_url"] = "x" }).Replace(">x<", ">y<", StringComparison.Ordinal),
        "<xml><return_code>PERHAPS</return_code></xml>",
        "<html>502</html>",
        "",
    };

    [Theory]
    [MemberData(nameof(Unproven))]
    public async Task An_answer_that_is_not_proven_is_unknown(string answer)
    {
        Assert.IsType<CreateResult.Unknown>(await CreateAsync(answer));
        Assert.IsType<QueryResult.Unknown>(await Open(new WeChatPayV2Stub(_ => answer)).QueryAsync(OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_paid_trade_is_the_same_fact_as_a_notification()
    {
        var told = Paid();
        told["trade_state"] = "SUCCESS";
        var stub = WeChatPayV2Stub.Saying(told);

        var known = Assert.IsType<QueryResult.Known>(await Open(stub).QueryAsync(OutTradeNo, CancellationToken.None)).Notification;

        Assert.Equal(Accepted(Open().Verify(Post(Signed(Paid())))) with { Source = NotificationSource.Query }, known);
        Assert.Equal(("/pay/orderquery", OutTradeNo), (stub.Calls[0].Path, stub.Calls[0].Fields["out_trade_no"]));
    }

    [Theory]
    [InlineData("REFUND", NotificationKind.PaymentSucceeded)]
    [InlineData("NOTPAY", NotificationKind.PaymentPending)]
    [InlineData("USERPAYING", NotificationKind.PaymentPending)]
    [InlineData("PAYERROR", NotificationKind.PaymentPending)]
    [InlineData("CLOSED", NotificationKind.PaymentClosed)]
    [InlineData("REVOKED", NotificationKind.PaymentClosed)]
    public async Task A_trade_state_means(string state, NotificationKind kind) => Assert.Equal(
        kind, Assert.IsType<QueryResult.Known>(await QueryAsync(new() { ["out_trade_no"] = OutTradeNo, ["trade_state"] = state })).Notification.Kind);

    [Fact]
    public async Task A_number_that_the_gateway_does_not_know_is_not_found() =>
        Assert.IsType<QueryResult.NotFound>(await QueryAsync(new() { ["err_code"] = "ORDERNOTEXIST" }));

    [Fact]
    public async Task An_answer_that_leaves_it_open_is_unknown()
    {
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(new() { ["err_code"] = "SYSTEMERROR" }));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(new() { ["out_trade_no"] = OutTradeNo, ["trade_state"] = "NEW" }));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(new() { ["out_trade_no"] = "ANOTHER", ["trade_state"] = "SUCCESS" }));
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(new() { ["out_trade_no"] = OutTradeNo }));
    }

    [Theory]
    [InlineData("", typeof(CloseResult.Closed))]
    [InlineData("ORDERCLOSED", typeof(CloseResult.Closed))]
    [InlineData("ORDERPAID", typeof(CloseResult.AlreadyPaid))]
    [InlineData("ORDERNOTEXIST", typeof(CloseResult.NotFound))]
    [InlineData("SYSTEMERROR", typeof(CloseResult.Unknown))]
    [InlineData("TRADE_STATE_ERROR", typeof(CloseResult.Unknown))]
    public async Task Closing_ends_as_the_gateway_says(string code, Type result)
    {
        var stub = WeChatPayV2Stub.Saying(code.Length == 0 ? [] : new() { ["err_code"] = code });

        Assert.IsType(result, await Open(stub).CloseAsync(OutTradeNo, CancellationToken.None));

        Assert.Equal(("/pay/closeorder", OutTradeNo), (stub.Calls[0].Path, stub.Calls[0].Fields["out_trade_no"]));
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_reached_is_unknown()
    {
        var channel = Open(new WeChatPayV2Stub(_ => throw new HttpRequestException("down")));
        Assert.IsType<CreateResult.Unknown>(await channel.CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<QueryResult.Unknown>(await channel.QueryAsync(OutTradeNo, CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await channel.CloseAsync(OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public void A_payer_is_identified_only_with_the_accounts_secret()
    {
        Assert.False(Assert.IsAssignableFrom<IPayerIdentification>(Open()).CanIdentify);
        var form = Form();
        form["app_secret"] = new string('s', 32);
        var channel = Assert.IsAssignableFrom<IPayerIdentification>(new WeChatPayV2Definition().Open(
            new ChannelSettings(Guid.Empty, MerchantPortal.Orders.PaymentMode.Live, new Uri("https://api.mch.weixin.qq.com/"), form, new HttpClient(new WeChatPayV2Stub(_ => "")), TimeProvider.System)));

        Assert.True(channel.CanIdentify);
        Assert.StartsWith(
            $"https://open.weixin.qq.com/connect/oauth2/authorize?appid={AppId}&redirect_uri=", channel.AuthorizeUrl(new Uri("https://pay.example.com/"), "s1").AbsoluteUri,
            StringComparison.Ordinal);
    }

    private static Task<CreateResult> CreateAsync(string answer) => Open(new WeChatPayV2Stub(_ => answer)).CreateAsync(Order(), CancellationToken.None);

    private static Task<QueryResult> QueryAsync(Dictionary<string, string> told) => Open(WeChatPayV2Stub.Saying(told)).QueryAsync(OutTradeNo, CancellationToken.None);

    private static string Refused(CreateResult result) => Assert.IsType<CreateResult.Refused>(result).Code;
}
