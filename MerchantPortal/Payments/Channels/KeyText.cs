using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Reads RSA keys as people paste them: PEM with any label and line ends, PKCS#1, PKCS#8, SubjectPublicKeyInfo, an X.509
/// certificate, or the bare base64 of any of these. What it is, is told by the bytes and never by the label.
/// </summary>
public static partial class KeyText
{
    /// <param name="minimumBits">Shorter keys are refused.</param>
    public static KeyReadResult ReadPrivateKey(string text, int minimumBits = 2048) => Decode(text) switch
    {
        { Failure: { } failure } => failure,
        { Der: { } der } => KeyShape.Of(der) switch
        {
            KeyShape.Private key => Checked(key.Rsa, key.Rsa.ExportPkcs8PrivateKeyPem(), null, minimumBits, new(key.Format, IsBare(text))),
            KeyShape.Public => Refuse(KeyReadFailure.PublicInsteadOfPrivate, "This is the public key. Paste the private key (apiclient_key.pem, or the app private key)."),
            KeyShape.Certificate => Refuse(KeyReadFailure.CertificateInsteadOfPrivate, "This is a certificate. Paste the private key that belongs to it."),
            KeyShape.EllipticCurve => NotRsa,
            _ => NotAKey,
        },
        _ => NotAKey,
    };

    /// <inheritdoc cref="ReadPrivateKey"/>
    public static KeyReadResult ReadPublicKey(string text, int minimumBits = 2048) => Decode(text) switch
    {
        { Failure: { Reason: KeyReadFailure.Encrypted } } => PrivateKeyGiven,
        { Failure: { } failure } => failure,
        { Der: { } der } => KeyShape.Of(der) switch
        {
            KeyShape.Public key => Checked(key.Rsa, key.Rsa.ExportSubjectPublicKeyInfoPem(), null, minimumBits, new(key.Format, IsBare(text))),
            KeyShape.Certificate certificate => Checked(
                certificate.Rsa, certificate.Rsa.ExportSubjectPublicKeyInfoPem(), certificate.Facts, minimumBits, new(KeyFormat.X509, IsBare(text))),
            KeyShape.Private => PrivateKeyGiven,
            KeyShape.EllipticCurve => NotRsa,
            _ => NotAKey,
        },
        _ => NotAKey,
    };

    private static KeyReadResult.Unreadable PrivateKeyGiven => Refuse(
        KeyReadFailure.PrivateInsteadOfPublic, "This is a private key. Paste the gateway's public key, and replace this private key if it was shown to others.");

    private static KeyReadResult.Unreadable NotRsa => Refuse(KeyReadFailure.NotRsa, "This is not an RSA key. Choose the RSA (not the SM2 or EC) key at the gateway.");

    private static KeyReadResult.Unreadable NotAKey => Refuse(
        KeyReadFailure.NotAKey, "This cannot be read as a key. Paste the whole file, from -----BEGIN to -----END, or the unbroken base64 text.");

    private static KeyReadResult Checked(RSA rsa, string pem, CertificateFacts? certificate, int minimumBits, Writing writing)
    {
        using (rsa)
        {
            return rsa.KeySize < minimumBits
                ? Refuse(KeyReadFailure.TooShort, $"The key has {rsa.KeySize} bits; at least {minimumBits} are needed.")
                : new KeyReadResult.Readable(pem, Mask.Fingerprint(rsa.ExportSubjectPublicKeyInfo()), rsa.KeySize, certificate)
                { Format = writing.Format, IsBare = writing.IsBare };
        }
    }

    private static bool IsBare(string text) => !text.Contains("-----BEGIN", StringComparison.Ordinal);

    private static (byte[]? Der, KeyReadResult.Unreadable? Failure) Decode(string text)
    {
        // Keys copied out of JSON or environment variables carry line feeds as two characters.
        var plain = text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal).Trim().Trim('\uFEFF');
        if (plain.Length == 0)
        {
            return (null, Refuse(KeyReadFailure.Empty, "Nothing was pasted."));
        }

        var block = PemBlock().Match(plain);
        if (block.Success && (block.Groups["label"].Value.StartsWith("ENCRYPTED", StringComparison.Ordinal)
            || block.Groups["body"].Value.Contains("ENCRYPTED", StringComparison.Ordinal)))
        {
            return (null, Refuse(KeyReadFailure.Encrypted, "The key is protected by a passphrase. Remove it first (openssl pkey -in key.pem -out plain.pem)."));
        }

        if (block.Success && block.Groups["label"].Value.StartsWith("EC ", StringComparison.Ordinal))
        {
            return (null, NotRsa);
        }

        var base64 = Blank().Replace(block.Success ? block.Groups["body"].Value : plain, "");
        var der = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, der, out var length) && length > 0 ? (der[..length], null) : (null, NotAKey);
    }

    private static KeyReadResult.Unreadable Refuse(KeyReadFailure reason, string message) => new(reason, message);

    private sealed record Writing(KeyFormat Format, bool IsBare);

    [GeneratedRegex("-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<body>.*?)-----END \\k<label>-----", RegexOptions.Singleline)]
    private static partial Regex PemBlock();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blank();
}
