using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels.AlipayOpenApi;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>One account's way of signing: MD5 with a shared key, or RSA with SHA-1. Chosen by the account and by nothing else.</summary>
internal abstract class AlipayMapiSignature
{
    /// <summary>What <c>sign_type</c> says.</summary>
    public abstract string Name { get; }

    /// <summary>What may be shown of the key that proves Alipay's words.</summary>
    public abstract string Fingerprint { get; }

    /// <param name="form">One that <see cref="AlipayMapiForm.Read"/> has normalised.</param>
    public static AlipayMapiSignature Of(JsonObject form) => (string?)form[AlipayMapiForm.SignType] switch
    {
        AlipayMapiForm.Md5 => new SharedKey(AlipayOpenApiKeys.Text(form, AlipayMapiForm.Key)),
        AlipayMapiForm.Rsa => new KeyPair(
            AlipayOpenApiKeys.Text(form, AlipayMapiForm.PrivateKey), AlipayOpenApiKeys.Text(form, AlipayMapiForm.AlipayPublicKey)),
        _ => throw new InvalidOperationException("The stored form has no sign_type."),
    };

    public abstract string Sign(string text);

    /// <param name="sign">As it was sent; missing or empty is never right.</param>
    public abstract bool Verify(ReadOnlySpan<byte> text, string? sign);

    /// <summary>Whether we have signed it ourselves: the mark of keys that were mixed up. Never true for a shared key.</summary>
    public virtual bool IsOurs(ReadOnlySpan<byte> text, string? sign) => false;

    private sealed class SharedKey(string key) : AlipayMapiSignature
    {
        private readonly KeyedDigest _digest = KeyedDigest.Md5(key);

        public override string Name => AlipayMapiForm.Md5;

        public override string Fingerprint { get; } = Mask.Fingerprint(Encoding.ASCII.GetBytes(key));

        public override string Sign(string text) => _digest.Sign(text);

        public override bool Verify(ReadOnlySpan<byte> text, string? sign) => _digest.Verify(text, sign);
    }

    private sealed class KeyPair(string privatePem, string alipayPem) : AlipayMapiSignature
    {
        private readonly KeptKey _own = new(privatePem, HashAlgorithmName.SHA1);
        private readonly KeptKey _alipay = new(alipayPem, HashAlgorithmName.SHA1);

        public override string Name => AlipayMapiForm.Rsa;

        public override string Fingerprint { get; } = KeyText.ReadPublicKey(alipayPem, minimumBits: 0) is KeyReadResult.Readable readable ? readable.Fingerprint : "";

        public override string Sign(string text) => Convert.ToBase64String(_own.Sign(Encoding.UTF8.GetBytes(text)));

        public override bool Verify(ReadOnlySpan<byte> text, string? sign) => Verify(_alipay, text, sign);

        public override bool IsOurs(ReadOnlySpan<byte> text, string? sign) => Verify(_own, text, sign);

        private static bool Verify(KeptKey key, ReadOnlySpan<byte> text, string? sign) =>
            AlipayOpenApiSignature.ReadBase64(sign) is { } signature && key.Verify(CryptographicOperations.HashData(HashAlgorithmName.SHA1, text), signature);
    }
}
