using System.Net;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>Only a signed answer about our own number counts; everything else is "cannot tell".</summary>
public sealed class AlipayQueryAndCloseTests
{
    private const string Query = "alipay.trade.query";
    private const string Close = "alipay.trade.close";
    private const string Paid =
        """{"code":"10000","msg":"Success","out_trade_no":"PX20260101000001","trade_no":"T1","trade_status":"TRADE_SUCCESS","total_amount":"123.4","send_pay_date":"2026-12-31 12:00:01","buyer_user_id":"2088102534368455","note":"a\/b","sign":"inside"}""";

    [Fact]
    public async Task Paid_trade_is_the_same_fact_as_a_notification()
    {
        var stub = AlipayStub.Saying(AlipayFixture.Answer(Query, Paid));

        var known = Assert.IsType<QueryResult.Known>(await AlipayFixture.Open(stub).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None));

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = NotificationKind.PaymentSucceeded,
                Source = NotificationSource.Query,
                OutTradeNo = AlipayFixture.OutTradeNo,
                ChannelTransactionId = "T1",
                Amount = 12340,
                OccurredAt = new DateTimeOffset(2026, 12, 31, 4, 0, 1, TimeSpan.Zero),
                PayerMasked = "****8455",
            },
            known.Notification);
        Assert.Equal("""{"out_trade_no":"PX20260101000001"}""", Assert.Single(stub.Calls).Fields["biz_content"]);
    }

    [Theory]
    [InlineData("WAIT_BUYER_PAY", "", NotificationKind.PaymentPending)]
    [InlineData("TRADE_FINISHED", "", NotificationKind.PaymentSucceeded)]
    [InlineData("TRADE_CLOSED", "", NotificationKind.PaymentClosed)]
    [InlineData("TRADE_CLOSED", ""","buyer_pay_amount":"0.00","receipt_amount":"0.00","fund_bill_list":[]""", NotificationKind.PaymentClosed)]
    [InlineData("TRADE_CLOSED", ""","send_pay_date":"2026-12-31 12:00:01" """, NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_CLOSED", ""","buyer_pay_amount":"123.40" """, NotificationKind.RefundSucceeded)]
    [InlineData("TRADE_CLOSED", ""","fund_bill_list":[{"amount":"123.40"}]""", NotificationKind.RefundSucceeded)]
    public async Task Trade_status_means(string status, string more, NotificationKind kind)
    {
        var content = $$"""{"code":"10000","out_trade_no":"PX20260101000001","trade_no":"T1","total_amount":"123.40","trade_status":"{{status}}"{{more}}}""";

        var message = Assert.IsType<QueryResult.Known>(await QueryAsync(AlipayFixture.Answer(Query, content))).Notification;

        Assert.Equal(kind, message.Kind);
        Assert.Equal(kind == NotificationKind.RefundSucceeded ? new RefundFact(null, null, null, 12340) : null, message.Refund);
        Assert.Null(message.AppId);
        Assert.Null(message.MerchantId);
    }

    [Fact]
    public async Task Trade_that_nobody_opened_is_not_found()
    {
        var answer = AlipayFixture.Answer(Query, """{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在"}""");

        Assert.IsType<QueryResult.NotFound>(await QueryAsync(answer));
    }

    [Theory]
    [InlineData("""{"code":"20000","msg":"Service Currently Unavailable"}""")]
    [InlineData("""{"code":"40004","sub_code":"ACQ.SYSTEM_ERROR"}""")]
    [InlineData("""{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST","out_trade_no":"ANOTHER"}""")]
    [InlineData("""{"code":"10000","out_trade_no":"PX20260101000001"}""")]
    [InlineData("""{"code":"10000","out_trade_no":"PX20260101000001","trade_status":"NEW"}""")]
    [InlineData("""{"code":"10000","out_trade_no":"ANOTHER","trade_status":"TRADE_SUCCESS","total_amount":"123.40","trade_no":"T1"}""")]
    [InlineData("""{"code":"10000","trade_status":"TRADE_SUCCESS","total_amount":"123.40","trade_no":"T1"}""")]
    [InlineData("""{"code":10000,"out_trade_no":"PX20260101000001","trade_status":"TRADE_SUCCESS"}""")]
    public async Task Signed_answer_that_leaves_it_open_is_unknown(string content) =>
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(AlipayFixture.Answer(Query, content)));

    public static TheoryData<string> Unproven => new()
    {
        $$"""{"alipay_trade_query_response":{{Paid}}}""",
        $$"""{"alipay_trade_query_response":{{Paid}},"sign":""}""",
        $$"""{"alipay_trade_query_response":{{Paid}},"sign":null}""",
        $$"""{"alipay_trade_query_response":{{Paid}},"sign":"AAAA"}""",
        AlipayFixture.Answer(Query, Paid, "attacker.private_pem"),
        AlipayFixture.Answer(Query, Paid, "alipay_app.private_pem"),
        AlipayFixture.Answer(Query, Paid).Replace("123.4", "0.01", StringComparison.Ordinal),
        AlipayFixture.Answer(Query, Paid).Replace("""a\/b""", "a/b", StringComparison.Ordinal),
        AlipayFixture.Answer("alipay.trade.refund", Paid),
        AlipayFixture.Answer(Query, Paid)[..^1] + ""","alipay_trade_query_response":{"code":"10000"}}""",
        AlipayFixture.Answer(Query, Paid)[..^1] + ""","sign":"AAAA"}""",
        AlipayFixture.Answer(Query, Paid) + "{}",
        AlipayFixture.Answer(Query, Paid)[..^1],
        AlipayFixture.Answer(Query, "\"paid\""),
        $$"""{"alipay_trade_query_response":"{{AlipayFixture.OutTradeNo}}","sign":"\ud800"}""",
        """{"error_response":{"code":"40002","msg":"Invalid Arguments"}}""",
        "<html><body>502 Bad Gateway</body></html>",
        "[]",
        "null",
        "",
    };

    [Theory]
    [MemberData(nameof(Unproven))]
    public async Task Answer_without_proof_is_unknown(string body)
    {
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(body));
        Assert.IsType<CloseResult.Unknown>(await CloseAsync(body.Replace("query", "close", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Http_error_is_unknown_whatever_it_says(HttpStatusCode status) =>
        Assert.IsType<QueryResult.Unknown>(await AlipayFixture.Open(AlipayStub.Saying(AlipayFixture.Answer(Query, Paid), status))
            .QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None));

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_unknown()
    {
        var stub = new AlipayStub(_ => new HttpResponseMessage { Content = new ByteArrayContent([.. "{\""u8, 0xB2, 0xE2, .. "\":1}"u8]) });

        Assert.IsType<QueryResult.Unknown>(await AlipayFixture.Open(stub).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None));
    }

    [Fact]
    public async Task Broken_connection_and_time_out_are_unknown()
    {
        foreach (var exception in new Exception[] { new HttpRequestException("reset"), new TaskCanceledException("time-out") })
        {
            var channel = AlipayFixture.Open(new AlipayStub(_ => throw exception));

            Assert.IsType<QueryResult.Unknown>(await channel.QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None));
            Assert.IsType<CloseResult.Unknown>(await channel.CloseAsync(AlipayFixture.OutTradeNo, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Caller_that_gives_up_gets_no_answer()
    {
        using var gaveUp = new CancellationTokenSource();
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AlipayFixture.Open(AlipayStub.Saying("")).QueryAsync(AlipayFixture.OutTradeNo, gaveUp.Token));
    }

    [Fact]
    public async Task Sign_may_come_first_and_blanks_belong_to_the_signed_text()
    {
        var content = Paid.Replace(",", " ,\n ", StringComparison.Ordinal);
        var body = $$"""{ "sign" : "{{AlipayFixture.Sign(Encoding.UTF8.GetBytes(content))}}" , "alipay_trade_query_response" : {{content}} }""";

        Assert.IsType<QueryResult.Known>(await QueryAsync(body));
    }

    [Theory]
    [InlineData("""{"code":"10000","out_trade_no":"PX20260101000001","trade_no":"T1"}""", typeof(CloseResult.Closed))]
    [InlineData("""{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}""", typeof(CloseResult.NotFound))]
    [InlineData("""{"code":"40004","sub_code":"ACQ.REASON_TRADE_STATUS_INVALID"}""", typeof(CloseResult.AlreadyPaid))]
    [InlineData("""{"code":"40004","sub_code":"ACQ.TRADE_STATUS_ERROR"}""", typeof(CloseResult.Unknown))]
    [InlineData("""{"code":"40004","sub_code":"ACQ.SYSTEM_ERROR"}""", typeof(CloseResult.Unknown))]
    [InlineData("""{"code":"20000"}""", typeof(CloseResult.Unknown))]
    [InlineData("""{"code":"10000","out_trade_no":"ANOTHER"}""", typeof(CloseResult.Unknown))]
    public async Task Close_is_answered(string content, Type result) => Assert.IsType(result, await CloseAsync(AlipayFixture.Answer(Close, content)));

    private static Task<QueryResult> QueryAsync(string answer) =>
        AlipayFixture.Open(AlipayStub.Saying(answer)).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None);

    private static Task<CloseResult> CloseAsync(string answer) =>
        AlipayFixture.Open(AlipayStub.Saying(answer)).CloseAsync(AlipayFixture.OutTradeNo, CancellationToken.None);
}
