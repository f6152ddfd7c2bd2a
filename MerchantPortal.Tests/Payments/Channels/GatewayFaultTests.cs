using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV2;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels;

/// <summary>Whatever a gateway answers that proves nothing, each call is "cannot tell": nothing is taken for done, refused or unheard of.</summary>
public sealed class GatewayFaultTests
{
    private const string RefundNo = "20261231RF0001";

    private static readonly string Large = new('A', 10 * 1024 * 1024);

    private static readonly Dictionary<string, Func<HttpResponseMessage>> Faults = new()
    {
        ["refused"] = () => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        ["no such host"] = () => throw new HttpRequestException("no such host", new SocketException((int)SocketError.HostNotFound)),
        ["TLS"] = () => throw new HttpRequestException("TLS", new AuthenticationException("certificate")),
        ["timed out"] = () => throw new HttpRequestException("The gateway did not answer in time.", new TimeoutException()),
        ["cut off"] = () => throw new HttpRequestException("cut", new IOException("cut")),
        ["429"] = () => Answer(429, "<html>slow down</html>"),
        ["500"] = () => Answer(500, "{}"),
        ["502"] = () => Answer(502, "<html>Bad Gateway</html>"),
        ["503"] = () => Later(Answer(503, "")),
        ["302"] = () => Answer(302, ""),
        ["204"] = () => Answer(204, ""),
        ["empty"] = () => Answer(200, ""),
        ["garbage"] = () => Answer(200, "\u0001\u0002 garbage"),
        ["html"] = () => Answer(200, "<html><body>Maintenance</body></html>"),
        ["other type"] = () => Answer(200, "%PDF-1.7"),
        ["cut json"] = () => Answer(200, """{"out_trade_no":"PX2026"""),
        ["cut xml"] = () => Answer(200, "<xml><return_code>SUCCESS</return_code><result_code>"),
        ["10 MB"] = () => Answer(200, Large),
        ["unsigned wechat-v3"] = () => Answer(200, WeChatPayV3Fixture.Transaction().ToJsonString()),
        ["wrongly signed wechat-v3"] = () => WeChatStub.Signed(WeChatPayV3Fixture.Transaction().ToJsonString(), change: response =>
        {
            response.Headers.Remove("wechatpay-signature");
            response.Headers.Add("wechatpay-signature", Convert.ToBase64String(new byte[256]));
        }),
        ["unsigned alipay"] = () => Answer(200, """{"alipay_trade_refund_response":{"code":"10000"},"alipay_trade_query_response":{"code":"10000"},"alipay_trade_close_response":{"code":"10000"}}"""),
        ["wrongly signed alipay"] = () => Answer(200, AlipayFixture.Answer("alipay.trade.refund", """{"code":"10000"}""", "attacker.private_pem")),
        ["unsigned wechat-v2"] = () => Answer(200, "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>"),
        ["wrongly signed wechat-v2"] = () => Answer(200, "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><sign>00000000000000000000000000000000</sign></xml>"),
    };

    public static IEnumerable<object[]> Matrix =>
        new[] { "wechat-v3", "wechat-v2", "alipay" }.SelectMany(channel => Faults.Keys.Select(fault => new object[] { channel, fault }));

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_proves_nothing_is_unknown_to_every_call_and_a_refund_is_repeated_under_its_number(string channel, string fault)
    {
        using var line = new FaultyLine(Faults[fault]);
        using var http = new HttpClient(line);
        var open = Open(channel, http);
        var refund = RefundOf(channel);

        Assert.IsType<QueryResult.Unknown>(await open.QueryAsync("PX20260101000001", CancellationToken.None));
        Assert.IsType<CloseResult.Unknown>(await open.CloseAsync("PX20260101000001", CancellationToken.None));
        Assert.IsType<CreateResult.Unknown>(await open.CreateAsync(
            WeChatPayV2Fixture.Order() with { Method = channel == "alipay" ? PaymentMethod.Precreate : PaymentMethod.Native }, CancellationToken.None));
        line.Sent.Clear();
        Assert.IsType<RefundResult.Unknown>(await open.RefundAsync(refund, CancellationToken.None));
        Assert.IsType<RefundResult.Unknown>(await open.RefundAsync(refund, CancellationToken.None));
        Assert.IsType<RefundResult.Unknown>(await open.QueryRefundAsync(refund, CancellationToken.None));
        Assert.Equal(3, line.Sent.Count);
        Assert.All(line.Sent, sent => Assert.Contains(RefundNo, sent, StringComparison.Ordinal));
    }

    /// <summary>The framework lets this one through as it is.</summary>
    [Fact]
    public async Task A_connection_that_is_reset_while_it_is_made_is_tried_again_and_then_unknown()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var line = new FaultyLine(() => throw new SocketException((int)SocketError.NotConnected));
        using var resilience = new GatewayResilience(portal.Get<Failpoints>()) { InnerHandler = line };
        using var http = new HttpClient(resilience);

        Assert.IsType<QueryResult.Unknown>(await Open("wechat-v3", http, new Uri("https://reset.invalid")).QueryAsync("PX20260101000001", CancellationToken.None));
        Assert.Equal(3, line.Sent.Count);
    }

    /// <summary>The portal's own client against a gateway that sends its answer byte by byte.</summary>
    [Fact]
    public async Task An_answer_that_drips_is_given_up_within_eight_seconds()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var dripping = new RawServer(DripAsync);
        var client = portal.Get<IHttpClientFactory>().CreateClient(GatewayResilience.HttpClientName);
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(new[] { "wechat-v3", "wechat-v2", "alipay" }.Select(channel =>
            Open(channel, client, dripping.Address).QueryRefundAsync(RefundOf(channel), CancellationToken.None)));

        Assert.All(answers, answer => Assert.IsType<RefundResult.Unknown>(answer));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(12), $"{Stopwatch.GetElapsedTime(started)}");
    }

    private static RefundRequest RefundOf(string channel) => new(
        "PX20260101000001", "42000020261798689600", RefundNo, 500, 12340, "破损", new Uri($"https://pay.example.com/notify/{channel}/1"));

    private static IRefundingChannel Open(string channel, HttpClient http, Uri? address = null) => Assert.IsAssignableFrom<IRefundingChannel>(channel switch
    {
        "wechat-v3" => new MerchantPortal.Payments.Channels.WeChatPayV3.WeChatPayV3Definition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, address ?? new Uri("https://api.mch.weixin.qq.com"), WeChatPayV3Fixture.Normalised(WeChatPayV3Fixture.Form()), http, new FakeTimeProvider(WeChatPayV3Fixture.Now))),
        "alipay" => new MerchantPortal.Payments.Channels.AlipayOpenApi.AlipayOpenApiDefinition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, address ?? new Uri("https://openapi.alipay.com/"), AlipayFixture.Normalised(AlipayFixture.Form()), http, new FakeTimeProvider())),
        _ => OpenV2(http, address ?? new Uri("https://api.mch.weixin.qq.com/")),
    });

    private static IPaymentChannel OpenV2(HttpClient http, Uri address)
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=1900000109", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(WeChatPayV2Fixture.Now.AddYears(-1), WeChatPayV2Fixture.Now.AddYears(5));
        var form = WeChatPayV2Fixture.Form();
        form["client_certificate"] = $"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}\n";
        var valid = Assert.IsType<ChannelFormResult.Valid>(new WeChatPayV2Definition().Read(form));
        return new WeChatPayV2Definition().Open(
            new ChannelSettings(Guid.Empty, PaymentMode.Live, address, valid.Normalised, http, new FakeTimeProvider()) { HttpWith = _ => http });
    }

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body) };

    private static HttpResponseMessage Later(HttpResponseMessage response)
    {
        response.Headers.RetryAfter = new(TimeSpan.FromSeconds(30));
        return response;
    }

    private sealed class FaultyLine(Func<HttpResponseMessage> fault) : HttpMessageHandler
    {
        /// <summary>Address and body of each request.</summary>
        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Sent.Add($"{request.RequestUri} {body}");
            return fault();
        }
    }

    /// <summary>The drip itself: a byte at a time, faster than any limit on silence.</summary>
    private static async Task DripAsync(NetworkStream caller, CancellationToken end)
    {
        await caller.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), end);
        while (!end.IsCancellationRequested)
        {
            await caller.WriteAsync(" "u8.ToArray(), end);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, end);
        }
    }
}
