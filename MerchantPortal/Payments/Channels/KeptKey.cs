using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// An RSA key that is parsed once per processor and then kept. Parsing costs seven times the check of a signature, and one
/// <see cref="RSA"/> object is not promised to bear several threads. PKCS#1 v1.5 padding, as all gateways chose.
/// </summary>
/// <param name="pem">A text that <see cref="KeyText"/> has normalised.</param>
/// <param name="algorithm">SHA-256, except where an old protocol knows nothing but SHA-1.</param>
public sealed class KeptKey(string pem, HashAlgorithmName algorithm)
{
    /// <summary>With SHA-256.</summary>
    public KeptKey(string pem)
        : this(pem, HashAlgorithmName.SHA256)
    {
    }

    private readonly RSA?[] _idle = new RSA?[Environment.ProcessorCount];

    /// <param name="hash">Of the signed text.</param>
    public bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var rsa = Take();
        var valid = rsa.VerifyHash(hash, signature, algorithm, RSASignaturePadding.Pkcs1);
        Return(rsa);
        return valid;
    }

    /// <returns>The signature of the text; needs a private key.</returns>
    public byte[] Sign(ReadOnlySpan<byte> text)
    {
        var rsa = Take();
        var signature = rsa.SignData(text, algorithm, RSASignaturePadding.Pkcs1);
        Return(rsa);
        return signature;
    }

    private RSA Take()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.Exchange(ref _idle[i], null) is { } kept)
            {
                return kept;
            }
        }

        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    // Not returned after an exception: the collector takes it, and the next caller parses a fresh one.
    private void Return(RSA rsa)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], rsa, null) is null)
            {
                return;
            }
        }

        rsa.Dispose();
    }
}
