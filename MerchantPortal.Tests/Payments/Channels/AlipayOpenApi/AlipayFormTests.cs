using System.Text;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>Forms that two readers could understand differently, and forms that look odd but are genuine.</summary>
public sealed class AlipayFormTests
{
    private static readonly IPaymentChannel Channel = AlipayFixture.Open();

    private static readonly string Valid = Encoding.ASCII.GetString(AlipayFixture.Signed(AlipayFixture.Paid()));

    public static TheoryData<string, string> Refused => new()
    {
        { "[]", RejectionReasons.MalformedRequest },
        { $"{Valid}&total_amount=123.40", RejectionReasons.DuplicateField },
        { $"total_amount=0.01&{Valid}", RejectionReasons.DuplicateField },
        { $"{Valid}&total%5Famount=123.40", RejectionReasons.DuplicateField },
        { $"{Valid}&sign=AAAA", RejectionReasons.DuplicateField },
        { $"{Valid}&sign_type=RSA2", RejectionReasons.DuplicateField },
        { $"{Valid}&charset=utf-8", RejectionReasons.DuplicateField },
        { $"{Valid}&extra[]=1", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra%5B0%5D=1", RejectionReasons.MalformedRequest },
        { $"{Valid}&=1", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%4", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%zz", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%+1", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%u4e2d", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%FF%FE", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%C0%AF", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=%ED%A0%80", RejectionReasons.MalformedRequest },
        { Valid.Replace("charset=utf-8", "charset=utf-16", StringComparison.Ordinal), RejectionReasons.MalformedRequest },
        { Valid.Replace("charset=utf-8", "charset=utf-7", StringComparison.Ordinal), RejectionReasons.MalformedRequest },
        { $"{Valid}&{string.Join('&', Enumerable.Range(0, 1025).Select(i => $"f{i}=1"))}", RejectionReasons.MalformedRequest },
        { $"{Valid}&extra=1", RejectionReasons.SignatureInvalid },
        { Valid.Replace("123.40", "0.01", StringComparison.Ordinal), RejectionReasons.SignatureInvalid },
        { Valid.Replace("sign_type=RSA2", "sign_type=RSA", StringComparison.Ordinal), RejectionReasons.UnsupportedAlgorithm },
        { Valid.Replace("sign_type=RSA2", "sign_type=rsa2", StringComparison.Ordinal), RejectionReasons.UnsupportedAlgorithm },
        { Valid.Replace("sign_type=RSA2", "sign_type=MD5", StringComparison.Ordinal), RejectionReasons.UnsupportedAlgorithm },
        { Valid.Replace("sign_type=RSA2", "sign_type=", StringComparison.Ordinal), RejectionReasons.UnsupportedAlgorithm },
        { Valid.Replace("sign_type=RSA2&", "", StringComparison.Ordinal), RejectionReasons.UnsupportedAlgorithm },
        { Valid[..Valid.IndexOf("&sign=", StringComparison.Ordinal)], RejectionReasons.SignatureMissing },
        { Valid[..Valid.IndexOf("&sign=", StringComparison.Ordinal)] + "&sign=", RejectionReasons.SignatureMissing },
        { Valid[..^6], RejectionReasons.SignatureInvalid },
        { Valid + "%0A", RejectionReasons.SignatureInvalid },
        { "", RejectionReasons.SignatureMissing },
        { """{"sign":"x"}""", RejectionReasons.SignatureMissing },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Form_is_refused(string body, string reason)
    {
        var rejected = Assert.IsType<Verification.Rejected>(Channel.Verify(AlipayFixture.Post(body)));

        Assert.Equal((reason, false), (rejected.Reason, rejected.SignatureValid));
        Assert.False(rejected.Trace[^1].Ok);
    }

    public static TheoryData<string> Genuine => new()
    {
        Valid,
        $"&{Valid}&",
        Valid.Replace("+", "%20", StringComparison.Ordinal),
        Valid.Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal),
        Valid.Replace("%2B", "%2b", StringComparison.Ordinal),
        string.Join('&', Valid.Split('&').Reverse()),
    };

    [Theory]
    [MemberData(nameof(Genuine))]
    public void Other_spelling_of_the_same_fields_is_accepted(string body) =>
        Assert.Equal(12340, AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(body))).Amount);

    [Fact]
    public void Plus_is_a_blank_and_percent_2B_is_a_plus()
    {
        var fields = AlipayFixture.Paid();
        fields["out_trade_no"] = "A+B C%2B";

        var body = AlipayFixture.Signed(fields);

        Assert.Contains("out_trade_no=A%2BB+C%252B", Encoding.ASCII.GetString(body), StringComparison.Ordinal);
        Assert.Equal("A+B C%2B", AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(body))).OutTradeNo);
    }

    [Theory]
    [InlineData("GBK")]
    [InlineData("gb2312")]
    [InlineData("GB18030")]
    public void Gbk_is_verified_over_its_own_bytes(string charset)
    {
        var fields = AlipayFixture.Paid();
        fields["charset"] = charset;
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936) ?? throw new InvalidOperationException();
        var sign = AlipayFixture.Sign(gbk.GetBytes(AlipayFixture.Text(fields)));
        var body = string.Join('&', fields.Append(new("sign", sign)).Select(field =>
            $"{field.Key}={string.Concat(gbk.GetBytes(field.Value).Select(value => $"%{value:X2}"))}"));

        Assert.Equal(AlipayFixture.OutTradeNo, AlipayFixture.Accepted(Channel.Verify(AlipayFixture.Post(body))).OutTradeNo);
    }

    [Fact]
    public void Query_string_is_ignored()
    {
        var raw = AlipayFixture.Post(Encoding.ASCII.GetBytes(Valid), query: "?total_amount=0.01&out_trade_no=OTHER");

        Assert.Equal((12340, AlipayFixture.OutTradeNo), (AlipayFixture.Accepted(Channel.Verify(raw)).Amount, AlipayFixture.Accepted(Channel.Verify(raw)).OutTradeNo));
    }

    [Theory]
    [InlineData("GET", "application/x-www-form-urlencoded", "")]
    [InlineData("POST", "application/json", "")]
    [InlineData("POST", "multipart/form-data; boundary=x", "")]
    [InlineData("POST", "application/x-www-form-urlencoded", "gzip")]
    public void Other_than_a_plain_posted_form_is_malformed(string method, string contentType, string contentEncoding)
    {
        var raw = AlipayFixture.Post(Encoding.ASCII.GetBytes(Valid), contentType, method);
        raw = raw with { Headers = new Dictionary<string, string>(raw.Headers) { ["content-encoding"] = contentEncoding } };

        Assert.Equal(RejectionReasons.MalformedRequest, Assert.IsType<Verification.Rejected>(Channel.Verify(raw)).Reason);
    }

    [Fact]
    public void Every_flipped_byte_of_a_value_is_noticed()
    {
        var fields = AlipayFixture.Paid();
        var sign = AlipayFixture.Sign(Encoding.UTF8.GetBytes(AlipayFixture.Text(fields)));
        foreach (var name in fields.Keys.Where(name => name is not ("charset" or "sign_type")))
        {
            var altered = new Dictionary<string, string>(fields) { [name] = "x" + fields[name][1..] };
            Assert.IsType<Verification.Rejected>(Channel.Verify(AlipayFixture.Post(AlipayFixture.Body(altered, sign))));
        }
    }

    [Fact]
    public async Task One_channel_verifies_for_many_threads()
    {
        var raw = AlipayFixture.Post(Valid);

        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Channel.Verify(raw))));

        Assert.All(all, verification => Assert.IsType<Verification.Accepted>(verification));
    }
}
