using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>A refused signature is explained; the explanation never makes it valid.</summary>
public sealed class AlipayDiagnosisTests
{
    [Fact]
    public void App_key_in_the_place_of_alipays() =>
        AssertCause("app_key", RejectionReasons.SignatureInvalid, AlipayFixture.Signed(AlipayFixture.Paid(), "alipay_app.private_pem"));

    [Fact]
    public void Unknown_key_is_not_explained() =>
        AssertCause("unexplained", RejectionReasons.SignatureInvalid, AlipayFixture.Signed(AlipayFixture.Paid(), "attacker.private_pem"));

    [Fact]
    public void Sha1_by_the_right_key()
    {
        var fields = AlipayFixture.Paid();
        var sign = AlipayFixture.Sign(Text(fields), hash: HashAlgorithmName.SHA1);

        AssertCause("sha1", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, sign));
        fields["sign_type"] = "RSA";
        AssertCause("sha1", RejectionReasons.UnsupportedAlgorithm, AlipayFixture.Body(fields, sign));
    }

    [Fact]
    public void Right_signature_under_a_wrong_sign_type()
    {
        var fields = AlipayFixture.Paid();
        fields["sign_type"] = "RSA";

        AssertCause("sign_type", RejectionReasons.UnsupportedAlgorithm, AlipayFixture.Signed(fields));
    }

    [Fact]
    public void Sign_type_in_the_text_of_a_payment()
    {
        var fields = AlipayFixture.Paid();
        var text = string.Join('&', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));

        AssertCause("sign_type_included", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, AlipayFixture.Sign(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Sorted_by_language_instead_of_by_byte()
    {
        var fields = AlipayFixture.Paid();
        fields["Zeta"] = "1";
        fields["appId"] = "2";
        var text = string.Join('&', fields.Where(field => field.Key != "sign_type")
            .OrderBy(field => field.Key, StringComparer.InvariantCulture).Select(field => $"{field.Key}={field.Value}"));

        Assert.NotEqual(AlipayFixture.Text(fields), text);
        AssertCause("culture_order", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, AlipayFixture.Sign(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Not_sorted_at_all()
    {
        var fields = AlipayFixture.Paid();
        var text = string.Join('&', fields.Where(field => field.Key != "sign_type").Select(field => $"{field.Key}={field.Value}"));

        AssertCause("unsorted", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, AlipayFixture.Sign(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Values_encoded_twice()
    {
        var fields = AlipayFixture.Paid();
        var sign = AlipayFixture.Sign(Text(fields));
        var twice = fields.ToDictionary(field => field.Key, field => field.Key == "charset" ? field.Value : Uri.EscapeDataString(field.Value));

        AssertCause("encoded_twice", RejectionReasons.SignatureInvalid, AlipayFixture.Body(twice, sign));
    }

    [Fact]
    public void Values_escaped_for_html()
    {
        var fields = AlipayFixture.Paid();
        var sign = AlipayFixture.Sign(Text(fields));
        fields["fund_bill_list"] = fields["fund_bill_list"].Replace("\"", "&quot;", StringComparison.Ordinal);

        AssertCause("html_escaped", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, sign));
    }

    [Fact]
    public void Plus_signs_of_the_signature_read_as_blanks()
    {
        var fields = AlipayFixture.Paid();
        var sign = "";
        for (var i = 0; !sign.Contains('+', StringComparison.Ordinal); i++)
        {
            fields["notify_id"] = $"n{i}";
            sign = AlipayFixture.Sign(Text(fields));
        }

        AssertCause("plus_as_blank", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, sign.Replace('+', ' ')));
    }

    [Fact]
    public void Signed_in_another_charset()
    {
        var fields = AlipayFixture.Paid();
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936) ?? throw new InvalidOperationException();

        AssertCause("other_charset", RejectionReasons.SignatureInvalid, AlipayFixture.Body(fields, AlipayFixture.Sign(gbk.GetBytes(AlipayFixture.Text(fields)))));
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("7809abe867613f4536f4b5e36b6cb")]
    [InlineData("AAA_")]
    public void Sign_that_is_not_base64(string sign) => AssertCause("not_base64", RejectionReasons.SignatureInvalid, AlipayFixture.Body(AlipayFixture.Paid(), sign));

    private static void AssertCause(string cause, string reason, byte[] body)
    {
        var rejected = Assert.IsType<Verification.Rejected>(AlipayFixture.Open().Verify(AlipayFixture.Post(body)));

        Assert.Equal(reason, rejected.Reason);
        Assert.Equal(TraceSteps.Diagnosis, rejected.Trace[^1].Step);
        Assert.Equal(cause, rejected.Trace[^1].Values?["cause"]);
    }

    private static byte[] Text(Dictionary<string, string> fields) => Encoding.UTF8.GetBytes(AlipayFixture.Text(fields));
}
