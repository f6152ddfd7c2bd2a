using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>Certificate mode (公钥证书模式): numbers in requests, the certificate's key for answers and notifications.</summary>
public sealed class AlipayCertificateTests
{
    private const string AppNumber = "e90dd23a37c5c7b616e003970817ff82";
    private const string RootNumber = "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6";
    private const string Paid =
        """{"code":"10000","msg":"Success","out_trade_no":"PX20260101000001","trade_no":"T1","trade_status":"TRADE_SUCCESS","total_amount":"123.40"}""";

    private static readonly JsonObject Form = CertificateForm();
    private static readonly AlipayOpenApiDefinition Definition = new();

    [Fact]
    public void Alipays_own_root_file_and_a_test_app_have_the_published_numbers()
    {
        var root = AlipayOpenApiCertificate.ReadAll(File("alipayRootCert.crt"));

        Assert.Equal(4, root.Count);
        Assert.Equal(RootNumber, AlipayOpenApiCertificate.RootNumber(root));
        Assert.Equal(AppNumber, Assert.Single(AlipayOpenApiCertificate.ReadAll(File("appCertPublicKey.crt"))).Number);
    }

    [Fact]
    public void Serial_with_a_leading_zero_and_an_issuer_with_a_comma_are_named_as_java_does()
    {
        using var rsa = RSA.Create(2048);
        var issuer = new X500DistinguishedNameBuilder();
        issuer.AddCommonName("C+D");
        issuer.AddOrganizationName("A, B");
        issuer.AddCountryOrRegion("CN");
        var request = new CertificateRequest(issuer.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(
            issuer.Build(), X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1), AlipayFixture.Now, AlipayFixture.Now.AddYears(1), [0x00, 0x80, 0x01]);

        var number = Assert.Single(AlipayOpenApiCertificate.ReadAll(certificate.ExportCertificatePem())).Number;

        Assert.Equal(Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes("CN=C\\+D,O=A\\, B,C=CN32769"))), number);
    }

    [Fact]
    public void Form_with_three_certificates_is_read_and_kept()
    {
        var valid = Assert.IsType<ChannelFormResult.Valid>(Definition.Read(Form));

        Assert.Equal(
            ["alipay_certificate", "alipay_root_certificate", "app_certificate", "app_id", "app_private_key", "seller_id"],
            valid.Normalised.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(valid.Fingerprints["app_private_key"], valid.Fingerprints["app_certificate"]);
        Assert.IsType<ChannelFormResult.Valid>(Definition.Read(valid.Normalised));
    }

    [Fact]
    public void Both_modes_at_once_are_refused()
    {
        var form = (JsonObject)Form.DeepClone();
        form["alipay_public_key"] = VectorFile.Key("alipay.public_pem");

        Assert.Contains("not both", Errors(form)["alipay_public_key"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app_certificate")]
    [InlineData("alipay_certificate")]
    [InlineData("alipay_root_certificate")]
    public void Each_certificate_is_needed(string field)
    {
        var form = (JsonObject)Form.DeepClone();
        form.Remove(field);

        Assert.Equal([field], Errors(form).Keys);
    }

    [Theory]
    [InlineData("app_certificate", "alipay_certificate", "does not belong")]
    [InlineData("alipay_certificate", "app_certificate", "another of the three")]
    [InlineData("alipay_certificate", "alipay_root_certificate", "whole of alipayCertPublicKey")]
    [InlineData("app_certificate", "app_private_key", "whole of")]
    [InlineData("alipay_root_certificate", "app_id", "whole of")]
    public void Certificate_in_the_wrong_place_is_recognised(string field, string other, string part)
    {
        var form = (JsonObject)Form.DeepClone();
        form[field] = Form[other]?.DeepClone();

        Assert.Contains(part, Errors(form)[field], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_names_both_certificates_and_signs_their_numbers()
    {
        var stub = AlipayStub.Saying(Answer(Paid));

        Assert.IsType<QueryResult.Known>(await Open(stub).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None));

        var fields = Assert.Single(stub.Calls).Fields;
        Assert.Equal(Number("app_certificate"), fields["app_cert_sn"]);
        Assert.Equal(Number("alipay_root_certificate"), fields["alipay_root_cert_sn"]);
        var text = string.Join('&', fields.Where(field => field.Key != "sign").OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
        Assert.Equal(AlipayFixture.Sign(Encoding.UTF8.GetBytes(text), "alipay_app.private_pem"), fields["sign"]);
    }

    [Fact]
    public async Task Request_in_key_mode_names_no_certificate()
    {
        var stub = AlipayStub.Saying(AlipayFixture.Answer("alipay.trade.query", Paid));

        await AlipayFixture.Open(stub).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None);

        Assert.DoesNotContain(Assert.Single(stub.Calls).Fields.Keys, name => name.EndsWith("_cert_sn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_under_another_certificate_is_not_believed_and_says_so()
    {
        var unknown = Assert.IsType<QueryResult.Unknown>(await QueryAsync(Answer(Paid, number: AppNumber)));

        Assert.Contains("another certificate", unknown.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_with_the_right_number_and_a_strangers_signature_is_not_believed() =>
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(Answer(Paid, key: "attacker.private_pem")));

    [Fact]
    public async Task Answer_that_names_two_certificates_is_not_believed() =>
        Assert.IsType<QueryResult.Unknown>(await QueryAsync(Answer(Paid).Replace(",\"sign\"", ",\"alipay_cert_sn\":\"x\",\"sign\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_is_believed_wherever_sign_and_number_stand(bool first)
    {
        var sign = AlipayFixture.Sign(Encoding.UTF8.GetBytes(Paid));
        var around = $"\"alipay_cert_sn\":\"{Number("alipay_certificate")}\",\"sign\":\"{sign}\"";
        var content = $"\"alipay_trade_query_response\":{Paid}";

        Assert.IsType<QueryResult.Known>(await QueryAsync(first ? $"{{{around},{content}}}" : $"{{{content},{around}}}"));
    }

    [Fact]
    public void Notification_is_proven_by_the_certificates_key()
    {
        var body = AlipayFixture.Signed(AlipayFixture.Paid());
        var forged = AlipayFixture.Signed(AlipayFixture.Paid(), "attacker.private_pem");

        AlipayFixture.Accepted(Open().Verify(AlipayFixture.Post(body)));
        Assert.Equal(RejectionReasons.SignatureInvalid, Assert.IsType<Verification.Rejected>(Open().Verify(AlipayFixture.Post(forged))).Reason);
    }

    [Fact]
    public void Notification_under_another_certificate_says_so()
    {
        var fields = AlipayFixture.Paid();
        fields["alipay_cert_sn"] = AppNumber;

        var rejected = Assert.IsType<Verification.Rejected>(Open().Verify(AlipayFixture.Post(AlipayFixture.Signed(fields))));

        Assert.Equal((RejectionReasons.UnknownKey, false), (rejected.Reason, rejected.SignatureValid));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("not a certificate")]
    public void Text_without_a_certificate_holds_none(string text) => Assert.Empty(AlipayOpenApiCertificate.ReadAll(text));

    private static async Task<QueryResult> QueryAsync(string answer) =>
        await Open(AlipayStub.Saying(answer, HttpStatusCode.OK)).QueryAsync(AlipayFixture.OutTradeNo, CancellationToken.None);

    private static IPaymentChannel Open(HttpMessageHandler? handler = null) => Definition.Open(new ChannelSettings(
        Guid.Empty, PaymentMode.Live, new Uri("https://openapi.alipay.com/"), Assert.IsType<ChannelFormResult.Valid>(Definition.Read(Form)).Normalised,
        new HttpClient(handler ?? new AlipayStub(_ => throw new HttpRequestException())), new FixedTime(AlipayFixture.Now)));

    private static string Answer(string content, string key = "alipay.private_pem", string? number = null) =>
        $$"""{"alipay_trade_query_response":{{content}},"alipay_cert_sn":"{{number ?? Number("alipay_certificate")}}","sign":"{{AlipayFixture.Sign(Encoding.UTF8.GetBytes(content), key)}}"}""";

    private static string Number(string field)
    {
        var all = AlipayOpenApiCertificate.ReadAll((string?)Form[field] ?? "");
        return field == "alipay_root_certificate" ? AlipayOpenApiCertificate.RootNumber(all) ?? "" : all[0].Number;
    }

    private static IReadOnlyDictionary<string, string> Errors(JsonObject form) => Assert.IsType<ChannelFormResult.Invalid>(Definition.Read(form)).Errors;

    private static string File(string name) => System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "alipay-certificates", name));

    private static JsonObject CertificateForm()
    {
        var form = AlipayFixture.Form();
        form.Remove("alipay_public_key");
        form["app_certificate"] = Certify("alipay_app.private_pem", "2088000000000001-2021000000000001");
        form["alipay_certificate"] = $"{Certify("alipay.private_pem", "支付宝(中国)网络技术有限公司")}\n{File("alipayRootCert.crt")}";
        form["alipay_root_certificate"] = File("alipayRootCert.crt");
        return form;
    }

    private static string Certify(string key, string name)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(VectorFile.Key(key));
        using var certificate = new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(AlipayFixture.Now, AlipayFixture.Now.AddYears(5));
        return certificate.ExportCertificatePem();
    }
}
