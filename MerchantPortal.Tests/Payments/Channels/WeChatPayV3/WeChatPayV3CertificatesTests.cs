using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Support;
using static MerchantPortal.Tests.Payments.Channels.WeChatPayV3.WeChatPayV3Fixture;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>Downloading platform certificates: what is believed the first time, what later, and what never.</summary>
public sealed class WeChatPayV3CertificatesTests
{
    private static string First => VectorFile.Key("v3_platform.cert_serial");

    private static string Second => VectorFile.Key("v3_platform_2.cert_serial");

    [Fact]
    public async Task The_first_time_an_answer_is_believed_that_is_signed_by_a_certificate_it_brings()
    {
        var stub = Signed(List("v3_platform", "v3_platform_2"), First);
        var downloaded = Assert.IsType<KeyDownload.Downloaded>(await DownloadAsync(stub, Empty()));

        Assert.Equal([First, Second], downloaded.Certificates.Select(certificate => certificate.Serial));
        Assert.Equal(16, downloaded.Certificates[0].Fingerprint.Length);
        Assert.All(downloaded.Certificates, certificate => Assert.InRange(Now, certificate.NotBefore, certificate.NotAfter));
        var (request, _) = Assert.Single(stub.Calls);
        Assert.Equal("GET https://api.mch.weixin.qq.com/v3/certificates", $"{request.Method} {request.RequestUri}");
        Assert.False(request.Headers.Contains("Wechatpay-Serial"));
    }

    [Fact]
    public async Task Later_only_an_answer_signed_by_a_known_key_is_believed()
    {
        var known = Only("v3_platform");
        var stub = Signed(List("v3_platform", "v3_platform_2"), First);
        Assert.IsType<KeyDownload.Downloaded>(await DownloadAsync(stub, known));
        Assert.Equal(First, Assert.Single(Assert.Single(stub.Calls).Request.Headers.GetValues("Wechatpay-Serial")));

        var byNew = Signed(List("v3_platform", "v3_platform_2"), Second, "v3_platform_2.private_pem");
        Assert.IsType<KeyDownload.Failed>(await DownloadAsync(byNew, known));
    }

    [Fact]
    public async Task A_known_key_that_has_ended_is_as_good_as_none()
    {
        var longAfter = new FakeTimeProvider(Now.AddYears(11));
        var form = Only("v3_platform");
        var answer = Signed(List("v3_platform"), First, at: Now.AddYears(11));
        // What it brings has ended as well, so nothing can be believed.
        Assert.IsType<KeyDownload.Failed>(await DownloadAsync(answer, form, longAfter));
        Rejected(Open(form: form).Verify(Post("{}"u8.ToArray(), Headers("{}"u8.ToArray(), First, at: Now.AddYears(11)), Now.AddYears(11))), RejectionReasons.UnknownKey);
        Rejected(Open(form: form).Verify(WeChatPayV3Fixture.Signed("{}", First)), RejectionReasons.NotParsable, signatureValid: true);
    }

    [Theory]
    [InlineData("nobody signed")]
    [InlineData("stranger")]
    [InlineData("old")]
    [InlineData("other body")]
    public async Task An_answer_that_is_not_signed_right_brings_nothing(string spoiling)
    {
        var body = List("v3_platform");
        foreach (var form in new[] { Empty(), Only("v3_platform") })
        {
            var stub = spoiling switch
            {
                "nobody signed" => new WeChatStub(_ => WeChatStub.Unsigned(body)),
                "stranger" => Signed(body, First, "attacker.private_pem"),
                "old" => Signed(body, First, at: Now.AddSeconds(-300)),
                _ => Signed(body, First, sent: body.Replace("\"data\"", " \"data\"", StringComparison.Ordinal)),
            };
            Assert.IsType<KeyDownload.Failed>(await DownloadAsync(stub, form));
        }
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("nonce")]
    [InlineData("associated_data")]
    [InlineData("algorithm")]
    [InlineData("serial_no")]
    [InlineData("no certificate")]
    [InlineData("one of two")]
    [InlineData("another account's")]
    [InlineData("empty")]
    [InlineData("not a list")]
    [InlineData("too many")]
    public async Task A_tampered_list_brings_nothing_whoever_signed_it(string spoiling)
    {
        var body = Tampered(spoiling);
        Assert.IsType<KeyDownload.Failed>(await DownloadAsync(Signed(body, First), Empty()));
        Assert.IsType<KeyDownload.Failed>(await DownloadAsync(Signed(body, First), Only("v3_platform")));
    }

    [Fact]
    public async Task A_merchant_without_certificates_hears_so()
    {
        var stub = new WeChatStub(_ => WeChatStub.Unsigned("""{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}""", 404));
        Assert.Contains("RESOURCE_NOT_EXISTS", Assert.IsType<KeyDownload.Failed>(await DownloadAsync(stub, Empty())).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_downloads_unless_it_has_public_keys_only()
    {
        Assert.True(Source(Empty()).DownloadsKeys);
        Assert.True(Source(Only("v3_platform")).DownloadsKeys);
        Assert.True(Source(Form()).DownloadsKeys);
        Assert.False(Source(Ring((PublicKeyId, VectorFile.Key("v3_platform.public_pem")))).DownloadsKeys);
    }

    [Fact]
    public async Task An_answer_under_a_new_serial_is_believed_once_the_key_was_downloaded()
    {
        const string CodeUrl = """{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}""";
        var stub = Signed(CodeUrl, Second, "v3_platform_2.private_pem");
        var refreshes = 0;
        var channel = Open(stub, Only("v3_platform"), () =>
        {
            refreshes++;
            return [Certificate("v3_platform_2")];
        });
        Assert.IsType<CreateResult.Prompted>(await channel.CreateAsync(WeChatPayV3ChannelTests.Order(), CancellationToken.None));
        Assert.Equal((1, 1), (refreshes, stub.Calls.Count));

        var stranger = Open(Signed(CodeUrl, Second, "attacker.private_pem"), Only("v3_platform"), () => [Certificate("v3_platform_2")]);
        Assert.IsType<CreateResult.Unknown>(await stranger.CreateAsync(WeChatPayV3ChannelTests.Order(), CancellationToken.None));
        var unknown = Open(Signed(CodeUrl, "CAFE", "v3_platform_2.private_pem"), Only("v3_platform"), () => []);
        Assert.IsType<CreateResult.Unknown>(await unknown.CreateAsync(WeChatPayV3ChannelTests.Order(), CancellationToken.None));
    }

    [Fact]
    public void Old_and_new_certificates_live_side_by_side()
    {
        var channel = Open(null, Only("v3_platform"), () => [], Certificate("v3_platform_2"));
        var content = Envelope(Transaction().ToJsonString());
        Accepted(channel.Verify(WeChatPayV3Fixture.Signed(content, First)));
        Accepted(channel.Verify(WeChatPayV3Fixture.Signed(content, Second, "v3_platform_2.private_pem")));
        Rejected(channel.Verify(WeChatPayV3Fixture.Signed(content, Second)), RejectionReasons.SignatureInvalid);
    }

    private static JsonObject Empty()
    {
        var form = Form();
        form["platform_keys"] = new JsonArray();
        return form;
    }

    private static JsonObject Only(string key)
    {
        var form = Form();
        form["platform_keys"] = new JsonArray(new JsonObject { ["certificate"] = VectorFile.Key($"{key}.cert_pem") });
        return form;
    }

    private static PlatformCertificate Certificate(string key) =>
        new(VectorFile.Key($"{key}.cert_serial"), VectorFile.Key($"{key}.cert_pem"), "", Now, Now.AddYears(1));

    private static IPlatformKeySource Source(JsonObject form, HttpMessageHandler? handler = null, TimeProvider? time = null) =>
        Assert.IsAssignableFrom<IPlatformKeySource>(WeChatPayV3Fixture.Open(handler, form, time));

    private static Task<KeyDownload> DownloadAsync(WeChatStub stub, JsonObject form, TimeProvider? time = null) =>
        Source(form, stub, time).DownloadKeysAsync(CancellationToken.None);

    private static IPaymentChannel Open(
        HttpMessageHandler? handler = null, JsonObject? form = null, Func<IReadOnlyList<PlatformCertificate>>? refresh = null, params PlatformCertificate[] known) =>
        new WeChatPayV3Definition().Open(new ChannelSettings(
            Guid.Empty, PaymentMode.Live, new Uri("https://api.mch.weixin.qq.com"), Normalised(form ?? Form()),
            new HttpClient(handler ?? new WeChatStub(_ => throw new HttpRequestException("No call was expected."))), new FakeTimeProvider(Now))
        {
            PlatformCertificates = known,
            RefreshKeys = _ => Task.FromResult(refresh?.Invoke() ?? []),
        });

    /// <param name="sent">The body that goes out; null for the one that was signed.</param>
    private static WeChatStub Signed(string body, string serial, string key = "v3_platform.private_pem", DateTimeOffset? at = null, string? sent = null) => new(_ =>
    {
        var response = WeChatStub.Unsigned(sent ?? body);
        foreach (var (name, value) in Headers(Encoding.UTF8.GetBytes(body), serial, key, at))
        {
            response.Headers.Add(name, value);
        }

        return response;
    });

    private static string List(params string[] keys) =>
        new JsonObject { ["data"] = new JsonArray([.. keys.Select(key => Sealed(VectorFile.Key($"{key}.cert_serial"), VectorFile.Key($"{key}.cert_pem")))]) }.ToJsonString();

    private static JsonObject Sealed(string serial, string plain, string? apiV3Key = null)
    {
        var bytes = Encoding.UTF8.GetBytes(plain);
        var sealedBytes = new byte[bytes.Length + 16];
        using var aes = new AesGcm(Encoding.ASCII.GetBytes(apiV3Key ?? VectorFile.Key("v3_apiv3_key")), 16);
        aes.Encrypt("0123456789ab"u8, bytes, sealedBytes.AsSpan(0, bytes.Length), sealedBytes.AsSpan(bytes.Length), "certificate"u8);
        return new JsonObject
        {
            ["serial_no"] = serial,
            ["effective_time"] = "2026-11-21T17:46:28+08:00",
            ["expire_time"] = "2036-11-18T17:46:28+08:00",
            ["encrypt_certificate"] = new JsonObject
            {
                ["algorithm"] = "AEAD_AES_256_GCM",
                ["nonce"] = "0123456789ab",
                ["associated_data"] = "certificate",
                ["ciphertext"] = Convert.ToBase64String(sealedBytes),
            },
        };
    }

    private static string Tampered(string spoiling)
    {
        var good = Sealed(First, VectorFile.Key("v3_platform.cert_pem"));
        var envelope = good["encrypt_certificate"]?.AsObject() ?? throw new InvalidOperationException();
        switch (spoiling)
        {
            case "ciphertext":
                var bytes = Convert.FromBase64String((string?)envelope["ciphertext"] ?? "");
                bytes[40] ^= 1;
                envelope["ciphertext"] = Convert.ToBase64String(bytes);
                break;
            case "nonce" or "associated_data" or "algorithm":
                envelope[spoiling] = spoiling == "algorithm" ? "AEAD_AES_128_GCM" : "0123456789ac";
                break;
            case "serial_no":
                good["serial_no"] = Second;
                break;
            case "no certificate":
                good = Sealed(First, VectorFile.Key("v3_platform.public_pem"));
                break;
            case "another account's":
                good = Sealed(First, VectorFile.Key("v3_platform.cert_pem"), new string('k', 32));
                break;
            default:
                break;
        }

        JsonNode data = spoiling switch
        {
            "empty" => new JsonArray(),
            "not a list" => good,
            "too many" => new JsonArray([.. Enumerable.Range(0, 21).Select(_ => good.DeepClone())]),
            "one of two" => new JsonArray(good, Sealed(Second, "hello")),
            _ => new JsonArray(good),
        };
        return new JsonObject { ["data"] = data }.ToJsonString();
    }
}
