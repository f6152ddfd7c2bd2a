using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

namespace MerchantPortal.Tests.Payments.Channels;

/// <summary>
/// Where C# and ASP.NET Core invite to a mistake that costs money, one test each. Fields that come twice, empty signatures, and what a
/// gateway gets for an answer are proven for every channel by <c>Sandbox/EveryChannelTests</c>; hardened XML by <c>FlatXmlTests</c>; the
/// page that recovers from its address by <c>Stories/EveryPageTests</c>.
/// </summary>
public sealed class ProtocolTrapTests
{
    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en-US")]
    [InlineData("")]
    public void Fields_are_sorted_by_byte_whatever_the_culture(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        Dictionary<string, string> fields = new() { ["appid"] = "4", ["app_id"] = "3", ["Zeta"] = "1", ["appId"] = "2" };

        Assert.Equal("Zeta=1&appId=2&app_id=3&appid=4", SortedFields.Text(fields));
        Assert.Equal("Zeta=1&appId=2&app_id=3&appid=4", AlipayOpenApiSignature.RequestText(new SortedDictionary<string, string>(fields, StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("MD5")]
    [InlineData("rsa2")]
    [InlineData("")]
    public void The_algorithm_is_the_accounts_and_never_the_messages(string told)
    {
        var fields = AlipayFixture.Paid();
        fields["sign_type"] = told;

        var rejected = Assert.IsType<Verification.Rejected>(AlipayFixture.Open().Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))));

        Assert.False(rejected.SignatureValid);
    }

    [Fact]
    public void Nothing_is_bound_before_the_bytes_are_read() => Assert.Empty(typeof(PaymentNotificationsController)
        .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).SelectMany(method => method.GetParameters()));

    [Fact]
    public void A_form_in_gbk_says_what_it_says()
    {
        var subject = FormEncoding.Gbk.GetBytes("龙井茶").Select(value => $"%{value:X2}");

        var read = Assert.IsType<RawFormResult.Parsed>(RawForm.Read(Encoding.ASCII.GetBytes($"subject={string.Concat(subject)}&charset=GBK")));

        Assert.Equal("龙井茶", read.Form["subject"]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_that_aes_would_take_and_wechat_does_not_is_refused(int length)
    {
        var form = WeChatPayV3Fixture.Form();
        form["api_v3_key"] = new string('k', length);

        Assert.Contains("api_v3_key", Assert.IsType<ChannelFormResult.Invalid>(new WeChatPayV3Definition().Read(form)).Errors.Keys);
    }

    [Fact]
    public void A_nonce_or_a_key_of_the_wrong_length_is_a_refusal_and_no_crash()
    {
        Assert.NotNull(WeChatPayV3Resource.Open(new byte[32], new byte[16], [], new byte[32], new byte[16]));
        Assert.NotNull(WeChatPayV3Resource.Open(new byte[16], new byte[12], [], new byte[32], new byte[16]));
    }

    [Fact]
    public void Blanks_inside_base64_are_no_base64()
    {
        var fields = AlipayFixture.Paid();
        var sent = Encoding.ASCII.GetString(AlipayFixture.Signed(fields));
        var at = sent.IndexOf("sign=", StringComparison.Ordinal) + 12;

        Assert.IsType<Verification.Accepted>(AlipayFixture.Open().Verify(AlipayFixture.Post(sent)));
        Assert.IsType<Verification.Rejected>(AlipayFixture.Open().Verify(AlipayFixture.Post(sent.Insert(at, "%20"))));
        Assert.IsType<Verification.Rejected>(AlipayFixture.Open().Verify(AlipayFixture.Post(sent.Insert(at, "%0A"))));
    }

    [Theory]
    [InlineData("1,000.00")]
    [InlineData("1e2")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("0.001")]
    [InlineData("１")]
    public void Yuan_are_read_as_the_gateways_write_them_and_no_other_way(string text) => Assert.Null(Money.ParseYuan(text));

    [Theory]
    [InlineData("19.99", 1999)]
    [InlineData("0.29", 29)]
    [InlineData("88.8", 8880)]
    public void No_fen_is_lost_on_the_way_from_yuan(string yuan, long fen) => Assert.Equal(fen, Money.ParseYuan(yuan));

    [Fact]
    public void A_time_without_an_offset_is_beijings()
    {
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 16, 30, 0, TimeSpan.Zero), BeijingTime.Read("2026-01-02 00:30:00"));
        Assert.Equal("2026-01-02 00:30:00", BeijingTime.Write(new DateTimeOffset(2026, 1, 1, 16, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void No_page_holds_key_material() => Assert.DoesNotContain(
        typeof(IPaymentChannel).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Microsoft.AspNetCore.Components.IComponent)))
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)),
        field => field.FieldType == typeof(KeptKey) || field.FieldType.IsAssignableTo(typeof(AsymmetricAlgorithm)) || field.FieldType.IsAssignableTo(typeof(IPaymentChannel)));
}
