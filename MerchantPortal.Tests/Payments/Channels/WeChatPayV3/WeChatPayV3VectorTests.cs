using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using MerchantPortal.Tests.Payments.Channels.Bills;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed class WeChatPayV3VectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced. The file has none of this protocol.</summary>
    private static readonly Dictionary<string, string> NotReproducible = [];

    /// <summary>Keys that are too short for the product: it must refuse them, whatever the framework makes of them.</summary>
    private static readonly string[] RefusedByTheProduct = ["wxv3-go-notify-decrypt", "wxv3-axios-aesgcm-16byte-nonce"];

    public static TheoryData<string> All => VectorFile.Ids("wechat-v3");

    [Theory]
    [MemberData(nameof(All))]
    public async Task Vector_holds(string id)
    {
        var vector = VectorFile.Find(id);
        Assert.Equal(!vector.Verified, NotReproducible.ContainsKey(id));
        await RunAsync(vector);
    }

    [Fact]
    public async Task A_vector_of_a_kind_without_a_runner_fails()
    {
        var unknown = JsonSerializer.SerializeToElement(new { id = "x", protocol = "wechat-v3", kind = "telepathy", verified = true });
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => RunAsync(new Vector(unknown)));
    }

    private static Task RunAsync(Vector vector)
    {
        switch (vector.Kind)
        {
            case "sign":
                AssertSign(vector);
                return Task.CompletedTask;
            case "canonical":
                AssertCanonical(vector);
                return Task.CompletedTask;
            case "verify":
                AssertVerify(vector);
                return Task.CompletedTask;
            case "verify-response":
                return AssertResponseAsync(vector);
            case "decrypt":
                AssertDecrypt(vector);
                return Task.CompletedTask;
            case "digest":
                return AssertDigestAsync(vector);
            case "notify" or "notify-negative" when vector.Inputs.TryGetProperty("generator", out var generator):
                return WeChatPayV3NotifyVector.AssertOversizeAsync(generator.GetString() ?? "");
            case "notify" or "notify-negative":
                WeChatPayV3NotifyVector.Assert(vector);
                return Task.CompletedTask;
            case "sequence":
                WeChatPayV3SequenceVector.Assert(vector);
                return Task.CompletedTask;
            default:
                Assert.Fail($"Vector {vector.Id} is of the unknown kind {vector.Kind}.");
                return Task.CompletedTask;
        }
    }

    private static void AssertSign(Vector vector)
    {
        var inputs = vector.Inputs;
        var key = new KeptKey(vector.Keys[0].GetProperty("private_pem").GetString() ?? "");
        var text = inputs.TryGetProperty("method", out _) ? RequestText(inputs)
            : inputs.TryGetProperty("package", out _) ? WeChatPayV3Signature.PromptText(Text(inputs, "appId"), Text(inputs, "timeStamp"), Text(inputs, "nonceStr"), Text(inputs, "package"))
            : Encoding.UTF8.GetBytes(Text(inputs, "string_to_sign"));
        if (vector.Expected.TryGetProperty("string_to_sign", out var expectedText))
        {
            Assert.Equal(expectedText.GetString(), Encoding.UTF8.GetString(text));
        }

        var signature = key.Sign(text);
        Assert.Equal(Text(vector.Expected, vector.Expected.TryGetProperty("paySign", out _) ? "paySign" : "signature"), Convert.ToBase64String(signature));
        if (vector.Expected.TryGetProperty("authorization", out var authorization))
        {
            Assert.Equal(authorization.GetString(), $"{WeChatPayV3Signature.Type} {WeChatPayV3Signature.Authorization(
                Text(inputs, "mchid"), Text(inputs, "serial_no"), Text(inputs, "timestamp"), Text(inputs, "nonce"), signature)}");
        }
    }

    private static void AssertCanonical(Vector vector) =>
        Assert.Equal(Text(vector.Expected, "string_to_sign"), Encoding.UTF8.GetString(RequestText(vector.Inputs)));

    private static byte[] RequestText(JsonElement inputs)
    {
        var path = inputs.TryGetProperty("canonical_url", out var canonical) ? canonical.GetString() : new Uri(Text(inputs, "url")).PathAndQuery;
        return WeChatPayV3Signature.RequestText(
            Text(inputs, "method"), path ?? "", Text(inputs, "timestamp"), Text(inputs, "nonce"), Encoding.UTF8.GetBytes(Text(inputs, "body")));
    }

    private static void AssertVerify(Vector vector)
    {
        var expected = vector.Expected.GetProperty("valid").GetBoolean();
        var pem = vector.Keys[0].GetProperty("public_pem").GetString() ?? "";
        if (vector.Inputs.TryGetProperty("string_to_sign", out var text))
        {
            var signature = new byte[WeChatPayV3Signature.MaxBytes];
            Assert.True(WeChatPayV3Signature.TryDecode(Text(vector.Inputs, "signature"), signature, out var length));
            Assert.Equal(expected, new KeptKey(pem).Verify(SHA256.HashData(Encoding.UTF8.GetBytes(text.GetString() ?? "")), signature.AsSpan(0, length)));
            return;
        }

        var form = WeChatPayV3Fixture.Ring((Text(vector.Keys[0], "serial"), pem));
        var verification = WeChatPayV3Fixture.Open(form: form).Verify(WeChatPayV3NotifyVector.Raw(vector.Inputs, vector.Inputs.GetProperty("clock_unix").GetInt64()));
        Assert.Equal(expected, verification is Verification.Accepted or Verification.Rejected { SignatureValid: true });
    }

    private static async Task AssertResponseAsync(Vector vector)
    {
        var status = vector.Inputs.GetProperty("status").GetInt32();
        var stub = new WeChatStub(_ =>
        {
            var response = WeChatStub.Unsigned(Text(vector.Inputs, "body"), status);
            foreach (var header in vector.Inputs.GetProperty("headers").EnumerateObject())
            {
                response.Headers.Add(header.Name, header.Value.GetString());
            }

            return response;
        });
        var channel = WeChatPayV3Fixture.Open(stub, time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(vector.Inputs.GetProperty("clock_unix").GetInt64())));
        var believed = status == 204
            ? await channel.CloseAsync("1", CancellationToken.None) is CloseResult.Closed
            : await channel.CreateAsync(WeChatPayV3ChannelTests.Order(), CancellationToken.None) is CreateResult.Prompted;
        Assert.Equal(vector.Expected.GetProperty("valid").GetBoolean(), believed);
    }

    private static void AssertDecrypt(Vector vector)
    {
        var key = Encoding.UTF8.GetBytes(Text(vector.Keys[0], "api_v3_key"));
        var nonce = Encoding.UTF8.GetBytes(Text(vector.Inputs, "nonce"));
        var sealedText = vector.Inputs.GetProperty("ciphertext").GetBytesFromBase64();
        var plain = new byte[sealedText.Length - WeChatPayV3Resource.TagLength];
        var failure = WeChatPayV3Resource.Open(key, nonce, Encoding.UTF8.GetBytes(Text(vector.Inputs, "associated_data")), sealedText, plain);
        if (RefusedByTheProduct.Contains(vector.Id))
        {
            Assert.NotNull(failure);
            Assert.True(key.Length != 32 || nonce.Length != 12);
            AssertFormRefuses(key);
            return;
        }

        Assert.Null(failure);
        Assert.Equal(Text(vector.Expected, "plaintext"), Encoding.UTF8.GetString(plain));
        if (vector.Expected.TryGetProperty("certificate_serial", out var serial))
        {
            var read = Assert.IsType<KeyReadResult.Readable>(KeyText.ReadPublicKey(Encoding.UTF8.GetString(plain)));
            Assert.Equal(serial.GetString(), read.Certificate?.Serial);
        }
    }

    private static void AssertFormRefuses(byte[] key)
    {
        JsonObject form = WeChatPayV3Fixture.Form();
        form["api_v3_key"] = Encoding.UTF8.GetString(key);
        Assert.Equal(key.Length != 32, new WeChatPayV3Definition().Read(form) is ChannelFormResult.Invalid { Errors: var errors } && errors.ContainsKey("api_v3_key"));
    }

    /// <summary>A bill's hash is of its text, packed or not.</summary>
    private static async Task AssertDigestAsync(Vector vector)
    {
        var text = BillTexts.Utf8(Text(vector.Inputs, "bill_utf8"));
        foreach (var file in new[] { text, BillTexts.Gzip(text) })
        {
            using var stream = new MemoryStream(file);
            Assert.Equal(Text(vector.Expected, "hash_value"), await BillTransfer.Sha1Async(stream, CancellationToken.None));
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
