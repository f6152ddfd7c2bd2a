using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// A digest in hexadecimal over a text and a key that both sides know. One instance holds one account's key and its gateway's rule;
/// a message never chooses the rule.
/// </summary>
internal sealed class KeyedDigest
{
    private readonly byte[] _key;
    private readonly byte[] _tail;
    private readonly bool _hmac;
    private readonly bool _upper;

    private KeyedDigest(string key, string glue, bool hmac, bool upper)
    {
        // A digest without a key is one that everybody can make.
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        _key = Encoding.UTF8.GetBytes(key);
        _tail = Encoding.UTF8.GetBytes(glue + key);
        _hmac = hmac;
        _upper = upper;
    }

    /// <summary>MD5 of the text with the key behind it.</summary>
    /// <param name="glue">What stands between text and key: <c>&amp;key=</c> at WeChat, nothing at Alipay and BeeCloud.</param>
    /// <param name="upper">Whether the digits above nine are A–F.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static KeyedDigest Md5(string key, string glue = "", bool upper = false) => new(key, glue, hmac: false, upper);

    /// <summary>HMAC-SHA256, with the key also behind the text as for <see cref="Md5"/>: WeChat uses it twice.</summary>
    /// <inheritdoc cref="Md5"/>
    public static KeyedDigest HmacSha256(string key, string glue, bool upper = true) => new(key, glue, hmac: true, upper);

    public string Sign(string text) => Sign(Encoding.UTF8.GetBytes(text));

    public string Sign(ReadOnlySpan<byte> text)
    {
        using var hash = _hmac ? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key) : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(text);
        hash.AppendData(_tail);
        var digest = hash.GetHashAndReset();
        return _upper ? Convert.ToHexString(digest) : Convert.ToHexStringLower(digest);
    }

    /// <param name="sign">As it was sent. Missing or empty is never right; the case of its digits counts.</param>
    public bool Verify(string text, string? sign) => Verify(Encoding.UTF8.GetBytes(text), sign);

    /// <inheritdoc cref="Verify(string, string?)"/>
    public bool Verify(ReadOnlySpan<byte> text, string? sign) =>
        !string.IsNullOrEmpty(sign) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(text)), Encoding.UTF8.GetBytes(sign));
}
