using System.Net;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

/// <summary>Bills at BeeCloud: what is sent, and what an answer means.</summary>
public sealed class BeeCloudBillTests
{
    [Fact]
    public async Task A_native_bill_is_signed_and_prompts_with_its_code()
    {
        var stub = BeeCloudStub.Saying("""{"result_code":0,"result_msg":"OK","err_detail":"","id":"1","code_url":"weixin://wxpay/bizpayurl?pr=x"}""");

        var prompted = Assert.IsType<CreateResult.Prompted>(
            await BeeCloudFixture.Open(stub).CreateAsync(BeeCloudFixture.Order(PaymentMethod.Native, "明前龙井五十克，赠品一份"), CancellationToken.None));

        Assert.Equal(PaymentPrompt.Qr("weixin://wxpay/bizpayurl?pr=x"), prompted.Prompt);
        var (method, address, fields) = Assert.Single(stub.Calls);
        Assert.Equal((HttpMethod.Post, "https://api.beecloud.cn/2/rest/bill"), (method, address.AbsoluteUri));
        Assert.Equal("d8e84933fc8aaea95f35a0cfbe9ba3d1", (string?)fields["app_sign"]);
        Assert.Equal(
            (1798689600000, "WX_NATIVE", 12_840, "M261231ABCDEFGH", 1800),
            ((long?)fields["timestamp"], (string?)fields["channel"], (long?)fields["total_fee"], (string?)fields["bill_no"], (long?)fields["bill_timeout"]));
        Assert.Equal("明前龙井五十克，赠品", (string?)fields["title"]);
        Assert.InRange(Encoding.UTF8.GetByteCount((string?)fields["title"] ?? ""), 1, 32);
        Assert.Null(fields["return_url"]);
    }

    [Theory]
    [InlineData(PaymentMethod.Page, "ALI_WEB")]
    [InlineData(PaymentMethod.Wap, "ALI_WAP")]
    public async Task An_alipay_bill_prompts_with_its_address_and_never_with_html(PaymentMethod method, string channel)
    {
        var stub = BeeCloudStub.Saying("""{"result_code":0,"html":"<script>alert(1)</script>","url":"https://mapi.alipay.com/gateway.do?a=1"}""");

        var prompted = Assert.IsType<CreateResult.Prompted>(await BeeCloudFixture.Open(stub).CreateAsync(BeeCloudFixture.Order(method), CancellationToken.None));

        Assert.Equal(PaymentPrompt.Redirect("https://mapi.alipay.com/gateway.do?a=1"), prompted.Prompt);
        Assert.Equal((channel, "https://shop.example/pay/t/return"), ((string?)stub.Calls[0].Fields["channel"], (string?)stub.Calls[0].Fields["return_url"]));
    }

    [Theory]
    [InlineData("""{"result_code":0,"url":"javascript:alert(1)"}""")]
    [InlineData("""{"result_code":0}""")]
    [InlineData("""{"result_code":"0","url":"https://a.example/"}""")]
    [InlineData("""{"result_code":7,"result_msg":"CHANNEL_ERROR"}""")]
    [InlineData("""{"result_code":14,"result_msg":"RUNTIME_ERROR"}""")]
    [InlineData("""{"result_code":15,"result_msg":"NETWORK_ERROR"}""")]
    [InlineData("""{"result_code":0,"result_code":0,"url":"https://a.example/"}""")]
    [InlineData("<html>")]
    public async Task An_answer_that_leaves_it_open_is_unknown(string body) =>
        Assert.IsType<CreateResult.Unknown>(await BeeCloudFixture.Open(BeeCloudStub.Saying(body)).CreateAsync(BeeCloudFixture.Order(PaymentMethod.Page), CancellationToken.None));

    [Theory]
    [InlineData("1", "APP_INVALID")]
    [InlineData("2", "PAY_FACTOR_NOT_SET")]
    [InlineData("5", "PARAM_INVALID")]
    [InlineData("17", "BILL_NO_DUPLICATE")]
    public async Task A_clear_no_is_a_refusal(string code, string message)
    {
        var stub = BeeCloudStub.Saying($$"""{"result_code":{{code}},"result_msg":"{{message}}","err_detail":"x"}""");

        Assert.Equal(
            new CreateResult.Refused(code, $"{message} x"),
            await BeeCloudFixture.Open(stub).CreateAsync(BeeCloudFixture.Order(PaymentMethod.Native), CancellationToken.None));
    }

    [Fact]
    public async Task A_paid_bill_is_the_same_fact_as_a_webhook()
    {
        var stub = BeeCloudStub.Saying(BeeCloudFixture.Bills(BeeCloudFixture.Bill(paid: false, trade: ""), BeeCloudFixture.Bill(number: "ANOTHER1"), BeeCloudFixture.Bill()));

        var known = Assert.IsType<QueryResult.Known>(await BeeCloudFixture.Open(stub).QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));

        Assert.Equal(
            new VerifiedNotification
            {
                Kind = NotificationKind.PaymentSucceeded,
                Source = NotificationSource.Query,
                OutTradeNo = BeeCloudFixture.BillNo,
                ChannelTransactionId = "4200",
                Amount = 12_340,
            },
            known.Notification);
        Assert.Equal("d8e84933fc8aaea95f35a0cfbe9ba3d1", (string?)stub.Calls[0].Fields["app_sign"]);
        Assert.Equal(BeeCloudFixture.BillNo, (string?)stub.Calls[0].Fields["bill_no"]);
    }

    [Theory]
    [InlineData("", NotificationKind.PaymentPending)]
    [InlineData(""","revert_result":true""", NotificationKind.PaymentClosed)]
    [InlineData(""","optional":"{\"portal_ends_at\":\"1798688999999\"}" """, NotificationKind.PaymentClosed)]
    [InlineData(""","optional":"{\"portal_ends_at\":\"1798689000000\"}" """, NotificationKind.PaymentPending)]
    [InlineData(""","optional":"nonsense" """, NotificationKind.PaymentPending)]
    public async Task An_unpaid_bill_is_pending_until_it_has_surely_ended(string more, NotificationKind kind)
    {
        var stub = BeeCloudStub.Saying(BeeCloudFixture.Bills(BeeCloudFixture.Bill(paid: false, trade: "", more: more)));

        Assert.Equal(kind, Assert.IsType<QueryResult.Known>(await BeeCloudFixture.Open(stub).QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None)).Notification.Kind);
    }

    [Fact]
    public async Task A_number_without_bills_is_not_found()
    {
        Assert.IsType<QueryResult.NotFound>(await Saying(BeeCloudFixture.Bills()).QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<QueryResult.NotFound>(await Saying("""{"result_code":8}""").QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"result_code":1}""")]
    [InlineData("""{"result_code":0,"bills":[{"bill_no":"BC1798689600","total_fee":12340}]}""")]
    [InlineData("<html>")]
    public async Task A_query_that_tells_nothing_is_unknown(string body)
    {
        Assert.IsType<QueryResult.Unknown>(await Saying(body).QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await Saying(body).CloseAsync(BeeCloudFixture.BillNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_broken_gateway_is_unknown()
    {
        var channel = BeeCloudFixture.Open(BeeCloudStub.Saying("", HttpStatusCode.InternalServerError));

        Assert.IsType<QueryResult.Unknown>(await channel.QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<QueryResult.Unknown>(await BeeCloudFixture.Open().QueryAsync(BeeCloudFixture.BillNo, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_closed_on_a_guess()
    {
        Assert.IsType<CloseResult.Unknown>(await Saying(BeeCloudFixture.Bills(BeeCloudFixture.Bill(paid: false))).CloseAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<CloseResult.AlreadyPaid>(await Saying(BeeCloudFixture.Bills(BeeCloudFixture.Bill())).CloseAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<CloseResult.NotFound>(await Saying(BeeCloudFixture.Bills()).CloseAsync(BeeCloudFixture.BillNo, CancellationToken.None));
        Assert.IsType<CloseResult.Closed>(
            await Saying(BeeCloudFixture.Bills(BeeCloudFixture.Bill(paid: false, more: ""","revert_result":true"""))).CloseAsync(BeeCloudFixture.BillNo, CancellationToken.None));
    }

    [Fact]
    public async Task A_payment_is_confirmed_by_amount_and_channel_number()
    {
        Assert.IsType<Confirmation.Confirmed>(await ConfirmAsync(BeeCloudFixture.Bills(BeeCloudFixture.Bill())));
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(BeeCloudFixture.Bills(BeeCloudFixture.Bill(fee: "12341"))));
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(BeeCloudFixture.Bills(BeeCloudFixture.Bill(trade: "4201"))));
        Assert.IsType<Confirmation.Refuted>(await ConfirmAsync(BeeCloudFixture.Bills()));
        Assert.IsType<Confirmation.Unclear>(await ConfirmAsync(BeeCloudFixture.Bills(BeeCloudFixture.Bill(paid: false))));
        Assert.IsType<Confirmation.Unclear>(await ConfirmAsync("""{"result_code":14}"""));
    }

    [Fact]
    public void An_account_may_do_without_confirmation_and_then_vouches_for_less()
    {
        var channel = BeeCloudFixture.Open(form: BeeCloudFixture.Form("no"));
        var message = Assert.IsType<Verification.Accepted>(channel.Verify(BeeCloudFixture.Post(BeeCloudFixture.Paid()))).Notification;

        Assert.False(channel.NeedsConfirmation(message));
        Assert.True(message.TransactionIsUnsigned);
        Assert.True(BeeCloudFixture.Open().NeedsConfirmation(message));
    }

    private static IConfirmingChannel Saying(string body) => BeeCloudFixture.Open(BeeCloudStub.Saying(body));

    private static Task<Confirmation> ConfirmAsync(string answer)
    {
        var channel = Saying(answer);
        var raw = BeeCloudFixture.Post(BeeCloudFixture.Paid());
        return channel.ConfirmAsync(raw, Assert.IsType<Verification.Accepted>(channel.Verify(raw)).Notification, CancellationToken.None);
    }
}
