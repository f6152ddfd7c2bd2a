using System.Net;
using System.Security.Cryptography;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV3;
using static MerchantPortal.Tests.Payments.Channels.Bills.BillTexts;

namespace MerchantPortal.Tests.Payments.Channels.Bills;

/// <summary>A downloaded bill is believed only when it is the one that the gateway has announced, and comes from the gateway.</summary>
public sealed class BillDownloadTests
{
    private static readonly byte[] File = Gzip(Utf8(WeChat(new Line("42000001", "PX001", 12_840, 77))));

    [Fact]
    public async Task A_bill_of_WeChat_with_the_announced_hash_is_downloaded_by_a_signed_request()
    {
        var stub = WeChatBill(File, Sha1(Utf8(WeChat(new Line("42000001", "PX001", 12_840, 77)))));

        Assert.IsType<BillDownload.Downloaded>(await DownloadAsync(WeChatPayV3Fixture.Open(stub)));
        Assert.Equal("/v3/bill/tradebill?bill_date=2026-12-30&bill_type=ALL&tar_type=GZIP", stub.Calls[0].Request.RequestUri?.PathAndQuery);
        Assert.Equal("WECHATPAY2-SHA256-RSA2048", stub.Calls[1].Request.Headers.Authorization?.Scheme);
    }

    [Fact]
    public async Task A_bill_with_another_hash_or_cut_short_is_not_believed()
    {
        var hash = Sha1(Utf8(WeChat(new Line("42000001", "PX001", 12_840, 77))));

        Assert.IsType<BillDownload.Unknown>(await DownloadAsync(WeChatPayV3Fixture.Open(WeChatBill(File, new string('0', 40)))));
        Assert.IsType<BillDownload.Unknown>(await DownloadAsync(WeChatPayV3Fixture.Open(WeChatBill(File[..^20], hash))));
    }

    [Theory]
    [InlineData("https://evil.example/v3/billdownload/file?token=1")]
    [InlineData("http://api.mch.weixin.qq.com/v3/billdownload/file?token=1")]
    [InlineData("https://api.mch.weixin.qq.com.evil.example/file")]
    public async Task A_signed_request_goes_to_WeChat_only(string address)
    {
        var stub = WeChatBill(File, "", address);

        Assert.IsType<BillDownload.Unknown>(await DownloadAsync(WeChatPayV3Fixture.Open(stub)));
        Assert.Single(stub.Calls);
    }

    [Theory]
    [InlineData(400, "NO_STATEMENT_EXIST", typeof(BillDownload.NoBill))]
    [InlineData(400, "STATEMENT_CREATING", typeof(BillDownload.NotReady))]
    [InlineData(403, "NO_AUTH", typeof(BillDownload.Unknown))]
    [InlineData(500, "SYSTEM_ERROR", typeof(BillDownload.Unknown))]
    public async Task WeChat_says_why_there_is_no_bill(int status, string code, Type told) => Assert.IsType(told,
        await DownloadAsync(WeChatPayV3Fixture.Open(new WeChatStub(_ => WeChatStub.Unsigned($$"""{"code":"{{code}}","message":"?"}""", status)))));

    [Fact]
    public async Task An_address_that_nobody_signed_is_not_followed()
    {
        var stub = new WeChatStub(_ => WeChatStub.Unsigned(Announcement("", "https://api.mch.weixin.qq.com/v3/billdownload/file?token=1")));

        Assert.IsType<BillDownload.Unknown>(await DownloadAsync(WeChatPayV3Fixture.Open(stub)));
        Assert.Single(stub.Calls);
    }

    [Theory]
    [InlineData("http://dwbillcenter.alipay.com/downloadBillFile.resource?fileId=1", typeof(BillDownload.Downloaded))]
    [InlineData("https://dwbillcenter.alipay.com/downloadBillFile.resource?fileId=1", typeof(BillDownload.Downloaded))]
    [InlineData("https://alipay.com.evil.example/downloadBillFile.resource", typeof(BillDownload.Unknown))]
    [InlineData("ftp://dwbillcenter.alipay.com/file", typeof(BillDownload.Unknown))]
    public async Task A_bill_of_Alipay_is_fetched_from_Alipay_by_https(string address, Type told)
    {
        var stub = new AlipayFiles($$"""{"code":"10000","msg":"Success","bill_download_url":"{{address}}"}""", Zip(Gbk(Alipay())));

        Assert.IsType(told, await DownloadAsync(AlipayFixture.Open(stub)));
        Assert.All(stub.Fetched, uri => Assert.Equal("https", uri.Scheme));
    }

    [Theory]
    [InlineData("2026-12-29", "isp.bill_not_exist", typeof(BillDownload.NoBill))]
    [InlineData("2026-12-30", "isp.bill_not_exist", typeof(BillDownload.NoBill))]
    [InlineData("2026-12-31", "isp.bill_not_exist", typeof(BillDownload.NotReady))]
    [InlineData("2026-12-29", "isp.unknow-error", typeof(BillDownload.Unknown))]
    public async Task Alipay_says_no_bill_also_for_one_that_it_has_not_made_yet(string day, string code, Type told)
    {
        var stub = new AlipayFiles($$"""{"code":"40004","msg":"Business Failed","sub_code":"{{code}}"}""", []);

        Assert.IsType(told, await DownloadAsync(AlipayFixture.Open(stub), DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task<BillDownload> DownloadAsync(IPaymentChannel channel, DateOnly? day = null)
    {
        using var target = new MemoryStream();
        return await Assert.IsAssignableFrom<IBillSource>(channel).DownloadBillAsync(day ?? Day, target, CancellationToken.None);
    }

    private static WeChatStub WeChatBill(byte[] file, string hash, string address = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=1") =>
        new(request => request.RequestUri?.AbsolutePath == "/v3/bill/tradebill"
            ? WeChatStub.Signed(Announcement(hash, address))
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(file) });

    private static string Announcement(string hash, string address) =>
        $$"""{"hash_type":"SHA1","hash_value":"{{(hash.Length == 0 ? new string('0', 40) : hash)}}","download_url":"{{address}}"}""";

    private static string Sha1(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    private sealed class AlipayFiles(string content, byte[] file) : HttpMessageHandler
    {
        public List<Uri> Fetched { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(AlipayFixture.Answer("alipay.data.dataservice.bill.downloadurl.query", content)),
                });
            }

            Fetched.Add(request.RequestUri ?? throw new InvalidOperationException());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(file) });
        }
    }
}
