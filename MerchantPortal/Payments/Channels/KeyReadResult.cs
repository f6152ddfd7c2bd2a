namespace MerchantPortal.Payments.Channels;

/// <summary>A pasted RSA key: either readable in one normal form, or refused with what to do.</summary>
public abstract record KeyReadResult
{
    /// <param name="Pem">PKCS#8 PEM for a private key, SubjectPublicKeyInfo PEM for a public one, LF line ends.</param>
    /// <param name="Fingerprint">Of the public half in both cases, so that two halves of one pair can be told to belong together.</param>
    /// <param name="Bits">Length of the modulus.</param>
    /// <param name="Certificate">What the certificate said; null when the text was a bare key.</param>
    public sealed record Readable(string Pem, string Fingerprint, int Bits, CertificateFacts? Certificate) : KeyReadResult
    {
        /// <summary>The form in which it was pasted.</summary>
        public KeyFormat Format { get; init; }

        /// <summary>Pasted as bare base64, without the lines that PEM has around it.</summary>
        public bool IsBare { get; init; }

        protected override bool PrintMembers(System.Text.StringBuilder builder)
        {
            // The generated text would print the key itself.
            builder.Append("Fingerprint = ").Append(Fingerprint);
            return true;
        }
    }

    /// <param name="Reason">Why, as a code.</param>
    /// <param name="Message">What is wrong and what to paste instead, in English; holds nothing of the text.</param>
    public sealed record Unreadable(KeyReadFailure Reason, string Message) : KeyReadResult;
}

/// <param name="Serial">Upper-case hex without leading zeros.</param>
/// <param name="Pem">The certificate itself, LF line ends.</param>
public sealed record CertificateFacts(string Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Pem);

/// <summary>How a key was written down.</summary>
public enum KeyFormat
{
    Pkcs8,
    Pkcs1,
    SubjectPublicKeyInfo,
    X509,
}

public enum KeyReadFailure
{
    Empty,

    /// <summary>Neither PEM nor base64 of a key that we know.</summary>
    NotAKey,

    /// <summary>The public key was pasted where the private one belongs.</summary>
    PublicInsteadOfPrivate,

    /// <summary>The private key was pasted where the public one belongs. It should be replaced, for it has left its place.</summary>
    PrivateInsteadOfPublic,

    /// <summary>A certificate was pasted where the private key belongs.</summary>
    CertificateInsteadOfPrivate,

    /// <summary>Protected by a passphrase.</summary>
    Encrypted,

    /// <summary>An elliptic-curve (or SM2) key; the gateways want RSA here.</summary>
    NotRsa,
    TooShort,
}
