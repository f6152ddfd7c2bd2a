using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>What is sent, and what each kind of answer is taken for.</summary>
public sealed partial class WeChatPayV3ChannelTests
{
    internal const string CodeUrl = """{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}""";

    [Fact]
    public async Task A_native_order_is_sent_signed_and_answers_with_the_code()
    {
        var stub = WeChatStub.Saying(CodeUrl);
        var result = await Open(stub).CreateAsync(Order(clientIp: "203.0.113.7"), CancellationToken.None);

        Assert.Equal(
            PaymentPrompt.Qr("weixin://wxpay/bizpayurl?pr=p4lpSuKzz") with { GoodUntil = DateTimeOffset.FromUnixTimeSeconds(1_798_689_600).AddHours(2).AddSeconds(-30) },
            Assert.IsType<CreateResult.Prompted>(result).Prompt);
        var (request, body) = Assert.Single(stub.Calls);
        Assert.Equal("POST https://api.mch.weixin.qq.com/v3/pay/transactions/native", $"{request.Method} {request.RequestUri}");
        Assert.Equal(
            $$$"""{"appid":"{{{AppId}}}","mchid":"{{{MchId}}}","description":"测试商品 A","out_trade_no":"{{{OutTradeNo}}}","time_expire":"2026-12-31T12:30:00+08:00","notify_url":"https://pay.example.com/notify/wechat-v3/1","amount":{"total":12340,"currency":"CNY"},"scene_info":{"payer_client_ip":"203.0.113.7"}}""",
            JsonNode.Parse(body)?.ToJsonString(Readable));
        Assert.Equal(("application/json", "application/json"), (request.Content?.Headers.ContentType?.ToString(), request.Headers.Accept.ToString()));
        Assert.Equal(PublicKeyId, Assert.Single(request.Headers.GetValues("Wechatpay-Serial")));
        AssertSigned(request, body);
    }

    [Fact]
    public async Task Query_and_close_are_signed_over_the_path_as_sent()
    {
        var stub = new WeChatStub(request => request.Method == HttpMethod.Get ? WeChatStub.Signed(Transaction().ToJsonString()) : WeChatStub.Signed("", 204));
        var channel = Open(stub, baseUrl: "http://localhost:5080/sandbox/wechat-v3/");
        await channel.QueryAsync("A|*_-1", CancellationToken.None);
        Assert.IsType<CloseResult.Closed>(await channel.CloseAsync(OutTradeNo, CancellationToken.None));

        Assert.Equal($"/sandbox/wechat-v3/v3/pay/transactions/out-trade-no/A%7C%2A_-1?mchid={MchId}", stub.Calls[0].Request.RequestUri?.PathAndQuery);
        Assert.Equal($"/sandbox/wechat-v3/v3/pay/transactions/out-trade-no/{OutTradeNo}/close", stub.Calls[1].Request.RequestUri?.PathAndQuery);
        Assert.Equal($$"""{"mchid":"{{MchId}}"}""", Encoding.UTF8.GetString(stub.Calls[1].Body));
        Assert.All(stub.Calls, call => AssertSigned(call.Request, call.Body));
    }

    [Fact]
    public async Task A_ring_of_certificates_only_announces_no_public_key()
    {
        var form = Form();
        form["platform_keys"]?.AsArray().RemoveAt(2);
        var stub = new WeChatStub(_ => WeChatStub.Unsigned("", 500));
        await Open(stub, form).QueryAsync("1", CancellationToken.None);
        Assert.False(Assert.Single(stub.Calls).Request.Headers.Contains("Wechatpay-Serial"));
    }

    [Fact]
    public async Task A_long_subject_is_cut_between_characters()
    {
        var stub = WeChatStub.Saying(CodeUrl);
        await Open(stub).CreateAsync(Order(subject: new string('商', 126) + "😀😀"), CancellationToken.None);
        Assert.Equal(new string('商', 126), (string?)JsonNode.Parse(Assert.Single(stub.Calls).Body)?["description"]);
    }

    [Theory]
    [InlineData(PaymentMethod.Page)]
    [InlineData(PaymentMethod.Precreate)]
    [InlineData(PaymentMethod.Button)]
    public async Task A_method_that_is_not_offered_is_refused_without_a_call(PaymentMethod method)
    {
        var result = await Open().CreateAsync(Order(method), CancellationToken.None);
        Assert.Equal("method_not_supported", Assert.IsType<CreateResult.Refused>(result).Code);
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, """{"code_url":""}""")]
    [InlineData(200, """{"code_url":1}""")]
    [InlineData(204, "")]
    [InlineData(202, CodeUrl)]
    public async Task A_signed_answer_without_a_code_is_unknown(int status, string body) =>
        Assert.IsType<CreateResult.Unknown>(await Open(WeChatStub.Saying(body, status)).CreateAsync(Order(), CancellationToken.None));

    [Theory]
    [InlineData(400, "PARAM_ERROR", true)]
    [InlineData(400, "APPID_MCHID_NOT_MATCH", true)]
    [InlineData(401, "SIGN_ERROR", true)]
    [InlineData(403, "NO_AUTH", true)]
    [InlineData(403, "OUT_TRADE_NO_USED", true)]
    [InlineData(400, "ORDER_PAID", false)]
    [InlineData(400, "SYSTEM_ERROR", false)]
    [InlineData(429, "FREQUENCY_LIMITED", false)]
    [InlineData(500, "SYSTEM_ERROR", false)]
    [InlineData(502, "BANK_ERROR", false)]
    [InlineData(503, "PARAM_ERROR", false)]
    public async Task A_refusal_is_final_only_when_the_gateway_says_no(int status, string code, bool final)
    {
        var result = await Open(Error(status, code)).CreateAsync(Order(), CancellationToken.None);
        Assert.Equal(final, result is CreateResult.Refused refused && refused.Code == code && refused.Message == "说明");
        Assert.Equal(!final, result is CreateResult.Unknown);
    }

    [Theory]
    [InlineData(302, "")]
    [InlineData(400, "<html>Bad Request</html>")]
    [InlineData(404, "")]
    [InlineData(404, """{"code":7}""")]
    [InlineData(404, """["ORDER_NOT_EXIST"]""")]
    [InlineData(502, "<html>Bad Gateway</html>")]
    public async Task An_answer_in_no_form_of_the_gateways_is_unknown(int status, string body)
    {
        var channel = Open(new WeChatStub(_ => WeChatStub.Unsigned(body, status)));
        Assert.IsType<CreateResult.Unknown>(await channel.CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<QueryResult.Unknown>(await channel.QueryAsync(OutTradeNo, CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await channel.CloseAsync(OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_broken_or_endless_answer_is_unknown()
    {
        Assert.IsType<CreateResult.Unknown>(await Open(new WeChatStub(_ => throw new HttpRequestException("refused"))).CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<CreateResult.Unknown>(await Open(new WeChatStub(_ => throw new IOException("cut"))).CreateAsync(Order(), CancellationToken.None));
        Assert.IsType<CreateResult.Unknown>(await Open(WeChatStub.Saying(new string('A', 10 * 1024 * 1024))).CreateAsync(Order(), CancellationToken.None));
    }

    [Fact]
    public async Task Silence_ends_after_eight_seconds_and_is_unknown()
    {
        var time = new FakeTimeProvider(Now);
        var silent = new SilentGateway();
        var asking = Open(silent, time: time).QueryAsync(OutTradeNo, CancellationToken.None);
        await silent.Asked.Task;
        time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.IsType<QueryResult.Unknown>(await asking);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_a_result()
    {
        using var stop = new CancellationTokenSource();
        var silent = new SilentGateway();
        var asking = Open(silent).QueryAsync(OutTradeNo, stop.Token);
        await silent.Asked.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("SUCCESS", NotificationKind.PaymentSucceeded)]
    [InlineData("REFUND", NotificationKind.PaymentSucceeded)]
    [InlineData("NOTPAY", NotificationKind.PaymentPending)]
    [InlineData("USERPAYING", NotificationKind.PaymentPending)]
    [InlineData("PAYERROR", NotificationKind.PaymentPending)]
    [InlineData("CLOSED", NotificationKind.PaymentClosed)]
    [InlineData("REVOKED", NotificationKind.PaymentClosed)]
    [InlineData("SOMETHING_NEW", NotificationKind.Unrecognized)]
    public async Task Each_trade_state_has_its_kind(string state, NotificationKind kind)
    {
        var result = await Open(WeChatStub.Saying(Transaction(state).ToJsonString())).QueryAsync(OutTradeNo, CancellationToken.None);
        var message = Assert.IsType<QueryResult.Known>(result).Notification;
        Assert.Equal((kind, NotificationSource.Query, null), (message.Kind, message.Source, message.MessageId));
        Assert.Equal((12340L, "CNY", "****eS6o"), (message.Amount, message.Currency, message.PayerMasked));
    }

    [Theory]
    [InlineData("NOTPAY", CallbackStatus.Ignored)]
    [InlineData("CLOSED", CallbackStatus.Applied)]
    [InlineData("SUCCESS", CallbackStatus.Quarantined)]
    public async Task An_unpaid_trade_may_come_without_amount_and_payer_but_money_may_not(string state, CallbackStatus outcome)
    {
        var transaction = Transaction(state);
        foreach (var name in (string[])["amount", "payer", "success_time", "transaction_id"])
        {
            transaction.Remove(name);
        }

        var result = await Open(WeChatStub.Saying(transaction.ToJsonString())).QueryAsync(OutTradeNo, CancellationToken.None);
        var snapshot = new PaymentSnapshot(OrderStatus.Pending, AttemptStatus.Prompted, 12340, AppId, MchId, TransactionRecord.None, 0, 0, null);
        Assert.Equal(outcome, PaymentStateMachine.Decide(snapshot, Assert.IsType<QueryResult.Known>(result).Notification).Outcome);
    }

    [Fact]
    public async Task A_genuine_answer_about_another_number_is_unknown() =>
        Assert.IsType<QueryResult.Unknown>(await Open(WeChatStub.Saying(Transaction().ToJsonString())).QueryAsync("PX2", CancellationToken.None));

    [Theory]
    [InlineData(404, "ORDER_NOT_EXIST", true)]
    [InlineData(404, "ORDERNOTEXIST", true)]
    [InlineData(404, "RESOURCE_NOT_EXISTS", false)]
    [InlineData(400, "ORDER_NOT_EXIST", false)]
    [InlineData(401, "SIGN_ERROR", false)]
    [InlineData(500, "SYSTEM_ERROR", false)]
    public async Task Only_the_gateway_can_say_that_a_number_does_not_exist(int status, string code, bool notFound)
    {
        Assert.Equal(notFound, await Open(Error(status, code)).QueryAsync(OutTradeNo, CancellationToken.None) is QueryResult.NotFound);
        Assert.Equal(notFound, await Open(Error(status, code)).CloseAsync(OutTradeNo, CancellationToken.None) is CloseResult.NotFound);
    }

    [Theory]
    [InlineData("ORDER_PAID", "", typeof(CloseResult.AlreadyPaid))]
    [InlineData("ORDERPAID", "", typeof(CloseResult.AlreadyPaid))]
    [InlineData("INVALID_REQUEST", "该订单已支付", typeof(CloseResult.AlreadyPaid))]
    [InlineData("ORDER_CLOSED", "", typeof(CloseResult.Closed))]
    [InlineData("INVALID_REQUEST", "", typeof(CloseResult.Unknown))]
    [InlineData("TRADE_ERROR", "", typeof(CloseResult.Unknown))]
    public async Task A_refusal_to_close_says_why(string code, string message, Type result) =>
        Assert.IsType(result, await Open(Error(400, code, message)).CloseAsync(OutTradeNo, CancellationToken.None));

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(202, "")]
    public async Task Closed_is_204_and_nothing_else(int status, string body) =>
        Assert.IsType<CloseResult.Unknown>(await Open(WeChatStub.Saying(body, status)).CloseAsync(OutTradeNo, CancellationToken.None));

    internal static CreatePayment Order(PaymentMethod method = PaymentMethod.Native, string subject = "测试商品 A", string? clientIp = null) => new(
        OutTradeNo, 12340, subject, method, new DateTimeOffset(2026, 12, 31, 4, 30, 0, TimeSpan.Zero),
        new Uri("https://pay.example.com/notify/wechat-v3/1"), new Uri("https://pay.example.com/pay/1/return"), clientIp);

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static WeChatStub Error(int status, string code, string message = "说明") =>
        new(_ => WeChatStub.Unsigned(new JsonObject { ["code"] = code, ["message"] = message }.ToJsonString(), status));

    private static void AssertSigned(HttpRequestMessage request, byte[] body)
    {
        var parts = AuthorizationPart().Matches(request.Headers.Authorization?.Parameter ?? "").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        byte[] text = [.. Encoding.UTF8.GetBytes($"{request.Method}\n{request.RequestUri?.PathAndQuery}\n{parts["timestamp"]}\n{parts["nonce_str"]}\n"), .. body, (byte)'\n'];
        using var merchant = Rsa(VectorFile.Key("v3_merchant.public_pem"));
        Assert.Equal("WECHATPAY2-SHA256-RSA2048", request.Headers.Authorization?.Scheme);
        Assert.Equal((MchId, VectorFile.Key("v3_merchant.serial"), "1798689600", 32), (parts["mchid"], parts["serial_no"], parts["timestamp"], parts["nonce_str"].Length));
        Assert.True(merchant.VerifyData(text, Convert.FromBase64String(parts["signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex AuthorizationPart();

    private sealed class SilentGateway : HttpMessageHandler
    {
        public TaskCompletionSource Asked { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage();
        }
    }
}
