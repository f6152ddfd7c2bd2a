using System.Net;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatOAuth;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatOAuth;

/// <summary>How a visitor's openid is learned, and what each answer is taken for.</summary>
public sealed class WeChatVisitorTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void The_browser_is_sent_to_wechat_with_the_parameters_in_wechats_order() => Assert.Equal(
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fpay.example.com%2Fpay%2Ft%2Fwechat%3Fa%3D1&response_type=code&scope=snsapi_base&state=S7#wechat_redirect",
        Visitor("").AuthorizeUrl(new Uri("https://pay.example.com/pay/t/wechat?a=1"), "S7").AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a&appid=wx2")]
    [InlineData("态")]
    public void A_state_that_wechat_would_change_is_a_mistake(string state) =>
        Assert.Throws<ArgumentException>(() => Visitor("").AuthorizeUrl(new Uri("https://pay.example.com/"), state));

    [Fact]
    public async Task A_code_is_exchanged_for_the_openid()
    {
        var answer = new Answer("""{"access_token":"t","expires_in":7200,"refresh_token":"r","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","scope":"snsapi_base"}""");
        Assert.Equal(new PayerIdentity.Known("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"), await Visitor(answer).IdentifyAsync("001/+a", CancellationToken.None));
        Assert.Equal($"https://api.weixin.qq.com/sns/oauth2/access_token?appid=wx1&secret={Secret}&code=001%2F%2Ba&grant_type=authorization_code", answer.Asked?.AbsoluteUri);
    }

    [Theory]
    [InlineData(40029)]
    [InlineData(40163)]
    [InlineData(42003)]
    public async Task A_code_that_is_not_taken_is_refused(int number) => Assert.Equal(
        new PayerIdentity.Refused($"{number}", "no"), await Visitor($$"""{"errcode":{{number}},"errmsg":"no"}""").IdentifyAsync("1", CancellationToken.None));

    [Theory]
    [InlineData("""{"errcode":-1,"errmsg":"system error"}""")]
    [InlineData("""{"errcode":40125,"errmsg":"invalid appsecret"}""")]
    [InlineData("""{"errcode":40013,"errmsg":"invalid appid"}""")]
    [InlineData("""{"errcode":0}""")]
    [InlineData("""{"openid":""}""")]
    [InlineData("""{"openid":7}""")]
    [InlineData("""{"openid":"<script>"}""")]
    [InlineData("""["openid"]""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task An_answer_without_a_payer_tells_nothing_and_starts_no_new_round(string answer) =>
        Assert.IsType<PayerIdentity.Unknown>(await Visitor(answer).IdentifyAsync("1", CancellationToken.None));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("码")]
    public async Task What_is_no_code_is_refused_without_a_call(string code) => Assert.Equal(
        "40029", Assert.IsType<PayerIdentity.Refused>(await Visitor(new Answer(new InvalidOperationException())).IdentifyAsync(code, CancellationToken.None)).Code);

    [Fact]
    public async Task Without_a_secret_nobody_is_identified()
    {
        var visitor = new WeChatVisitor("wx1", null, WeChatHosts.Official, new HttpClient(new Answer(new InvalidOperationException())), new FakeTimeProvider());
        Assert.False(visitor.CanIdentify);
        Assert.IsType<PayerIdentity.Unknown>(await visitor.IdentifyAsync("1", CancellationToken.None));
        Assert.True(Visitor("").CanIdentify);
    }

    [Fact]
    public async Task No_failure_repeats_the_address_which_holds_the_secret()
    {
        foreach (var failure in new Answer[] { new(new HttpRequestException($"https://x/?secret={Secret}")), new(new IOException(Secret)), new("{}", HttpStatusCode.BadGateway), new(new string('x', 20_000)) })
        {
            var unknown = Assert.IsType<PayerIdentity.Unknown>(await Visitor(failure).IdentifyAsync("1", CancellationToken.None));
            Assert.DoesNotContain(Secret, unknown.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_gateway_that_says_nothing_ends_as_unknown()
    {
        var clock = new FakeTimeProvider();
        var set = clock.WhenTimerIsSetAsync(TimeSpan.FromSeconds(8));
        var asked = Visitor(new Answer(Timeout.InfiniteTimeSpan), clock).IdentifyAsync("1", CancellationToken.None);
        await set;
        clock.Advance(TimeSpan.FromSeconds(8));
        Assert.IsType<PayerIdentity.Unknown>(await asked);
    }

    private static WeChatVisitor Visitor(string answer) => Visitor(new Answer(answer));

    private static WeChatVisitor Visitor(Answer answer, TimeProvider? time = null) =>
        new("wx1", Secret, WeChatHosts.Official, new HttpClient(answer), time ?? new FakeTimeProvider());

    private sealed class Answer(Func<CancellationToken, Task<HttpResponseMessage>> give) : HttpMessageHandler
    {
        public Answer(string body, HttpStatusCode status = HttpStatusCode.OK)
            : this(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) }))
        {
        }

        public Answer(Exception exception)
            : this(_ => throw exception)
        {
        }

        public Answer(TimeSpan silence)
            : this(async token =>
            {
                await Task.Delay(silence, token);
                return new HttpResponseMessage();
            })
        {
        }

        public Uri? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri;
            return give(cancellationToken);
        }
    }
}
