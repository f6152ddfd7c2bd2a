using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// What nobody can do without, and nothing else: base64, SHA-256, the RSA check with a key that is open already, AES-GCM likewise, and the
/// framework's own reading of the JSON or the form. The signed text lies ready, nothing that is found is kept, and nothing is explained.
/// </summary>
internal sealed class RawPrimitives : IDisposable
{
    private readonly RSA _rsa = RSA.Create();
    private readonly AesGcm? _aes;

    public RawPrimitives(string publicKeyPem) => _rsa.ImportFromPem(publicKeyPem);

    public RawPrimitives(WeChatPlatform platform)
        : this(platform.PublicKeyPem) => _aes = new AesGcm(Encoding.ASCII.GetBytes(platform.ApiV3Key), 16);

    public Prepared Prepare(RawNotification raw) => _aes is null ? OfForm(raw) : OfEnvelope(raw);

    /// <returns>Whether the signature is right.</returns>
    public bool Run(Prepared message)
    {
        Span<byte> signature = stackalloc byte[512];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var valid = Convert.TryFromBase64String(message.Signature, signature, out var length)
            && SHA256.HashData(message.Signed, hash) == hash.Length
            && _rsa.VerifyHash(hash, signature[..length], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (_aes is null)
        {
            return valid && Uri.UnescapeDataString(message.Form).Length > 0;
        }

        return valid && Open(_aes, message);
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _aes?.Dispose();
    }

    private static bool Open(AesGcm aes, Prepared message)
    {
        using var outer = JsonDocument.Parse(message.Body);
        aes.Decrypt(message.Nonce, message.Sealed.AsSpan(..^16), message.Sealed.AsSpan(^16..), message.Plain, "transaction"u8);
        using var inner = JsonDocument.Parse(message.Plain);
        return inner.RootElement.ValueKind == JsonValueKind.Object;
    }

    private static Prepared OfEnvelope(RawNotification raw)
    {
        using var envelope = JsonDocument.Parse(raw.Body);
        var resource = envelope.RootElement.GetProperty("resource");
        var text = resource.GetProperty("ciphertext").GetBytesFromBase64();
        return new Prepared
        {
            Body = raw.Body,
            Signed = [.. Encoding.ASCII.GetBytes($"{raw.Headers["wechatpay-timestamp"]}\n{raw.Headers["wechatpay-nonce"]}\n"), .. raw.Body.Span, (byte)'\n'],
            Signature = raw.Headers["wechatpay-signature"],
            Nonce = Encoding.ASCII.GetBytes(resource.GetProperty("nonce").GetString() ?? ""),
            Sealed = text,
            Plain = new byte[text.Length - 16],
        };
    }

    private static Prepared OfForm(RawNotification raw)
    {
        var body = Encoding.ASCII.GetString(raw.Body.Span);
        var fields = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(
            pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);
        return new Prepared
        {
            Body = raw.Body,
            Signed = Encoding.UTF8.GetBytes(Payments.Channels.AlipayOpenApi.AlipayFixture.Text(fields)),
            Signature = fields["sign"],
            Form = body,
        };
    }

    internal sealed record Prepared
    {
        public required ReadOnlyMemory<byte> Body { get; init; }

        public required byte[] Signed { get; init; }

        public required string Signature { get; init; }

        public string Form { get; init; } = "";

        public byte[] Nonce { get; init; } = [];

        public byte[] Sealed { get; init; } = [];

        public byte[] Plain { get; init; } = [];
    }
}
