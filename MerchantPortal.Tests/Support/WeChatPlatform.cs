using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantPortal.Tests.Support;

/// <summary>Plays WeChat Pay v3 towards one merchant: signs and encrypts notifications with keys of its own.</summary>
internal sealed class WeChatPlatform : IDisposable
{
    public const string Serial = "PUB_KEY_ID_0119000001092026010100000000000001";

    /// <summary>The gateway writes base64 and Chinese as they are.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RSA _platform = RSA.Create(2048);
    private readonly RSA _merchant = RSA.Create(2048);

    public string MchId { get; } = "1900000109";

    public string AppId { get; } = "wxd678efh567hg6787";

    /// <summary>Exactly 32 bytes.</summary>
    public string ApiV3Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public string PublicKeyPem => _platform.ExportSubjectPublicKeyInfoPem();

    /// <summary>The account form of this merchant.</summary>
    public JsonObject Form() => new()
    {
        ["mch_id"] = MchId,
        ["app_id"] = AppId,
        ["merchant_serial"] = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        ["merchant_private_key"] = _merchant.ExportPkcs8PrivateKeyPem(),
        ["api_v3_key"] = ApiV3Key,
        ["platform_keys"] = new JsonArray(new JsonObject { ["serial"] = Serial, ["public_key"] = PublicKeyPem }),
    };

    /// <summary>A genuine success notification.</summary>
    /// <param name="amount">分.</param>
    /// <param name="successTime">When it was paid, as it is written; null: now.</param>
    public SignedNotification Success(string outTradeNo, string transactionId, long amount, DateTimeOffset now, string? successTime = null)
    {
        var at = now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var plain = JsonSerializer.SerializeToUtf8Bytes(new
        {
            mchid = MchId,
            appid = AppId,
            out_trade_no = outTradeNo,
            transaction_id = transactionId,
            trade_type = "NATIVE",
            trade_state = "SUCCESS",
            trade_state_desc = "支付成功",
            bank_type = "OTHERS",
            attach = "",
            success_time = successTime ?? at,
            payer = new { openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
            amount = new { total = amount, payer_total = amount, currency = "CNY", payer_currency = "CNY" },
        }, Plain);
        return Sign(Envelope(plain, at), now);
    }

    /// <summary>The answer to a question about a number.</summary>
    public SignedNotification Trade(string outTradeNo, string transactionId, long amount, string state, DateTimeOffset now) => Sign(
        JsonSerializer.SerializeToUtf8Bytes(new
        {
            mchid = MchId,
            appid = AppId,
            out_trade_no = outTradeNo,
            transaction_id = transactionId,
            trade_type = "NATIVE",
            trade_state = state,
            success_time = now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            amount = new { total = amount, payer_total = amount, currency = "CNY", payer_currency = "CNY" },
        }),
        now);

    /// <summary>Signs any bytes as the platform does.</summary>
    public SignedNotification Sign(byte[] body, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        byte[] text = [.. Encoding.ASCII.GetBytes($"{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];
        var signature = Convert.ToBase64String(_platform.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return new SignedNotification(body, new Dictionary<string, string>
        {
            ["Wechatpay-Timestamp"] = timestamp,
            ["Wechatpay-Nonce"] = nonce,
            ["Wechatpay-Serial"] = Serial,
            ["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048",
            ["Wechatpay-Signature"] = signature,
        });
    }

    public void Dispose()
    {
        _platform.Dispose();
        _merchant.Dispose();
    }

    private byte[] Envelope(byte[] plain, string createTime)
    {
        var nonce = RandomNumberGenerator.GetHexString(12, lowercase: true);
        var cipher = new byte[plain.Length + 16];
        using var aes = new AesGcm(Encoding.ASCII.GetBytes(ApiV3Key), 16);
        aes.Encrypt(Encoding.ASCII.GetBytes(nonce), plain, cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length), "transaction"u8);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = Guid.NewGuid().ToString(),
            create_time = createTime,
            resource_type = "encrypt-resource",
            event_type = "TRANSACTION.SUCCESS",
            summary = "支付成功",
            resource = new
            {
                original_type = "transaction",
                algorithm = "AEAD_AES_256_GCM",
                ciphertext = Convert.ToBase64String(cipher),
                associated_data = "transaction",
                nonce,
            },
        }, Plain);
    }
}

internal sealed record SignedNotification(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public HttpRequestMessage ToRequest(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
