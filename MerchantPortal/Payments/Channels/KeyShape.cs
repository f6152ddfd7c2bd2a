using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MerchantPortal.Payments.Channels;

/// <summary>What DER bytes turn out to be. Whoever gets one that holds an <see cref="RSA"/> disposes it.</summary>
internal abstract record KeyShape
{
    internal sealed record Private(RSA Rsa) : KeyShape;

    internal sealed record Public(RSA Rsa) : KeyShape;

    internal sealed record Certificate(RSA Rsa, CertificateFacts Facts) : KeyShape;

    internal sealed record EllipticCurve : KeyShape;

    internal sealed record Unknown : KeyShape;

    private delegate void Import<in TKey>(TKey key, ReadOnlySpan<byte> der, out int read);

    internal static KeyShape Of(byte[] der)
    {
        var privateKey = TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportPkcs8PrivateKey(bytes, out read))
            ?? TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportRSAPrivateKey(bytes, out read));
        if (privateKey is not null)
        {
            return new Private(privateKey);
        }

        var publicKey = TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportSubjectPublicKeyInfo(bytes, out read))
            ?? TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportRSAPublicKey(bytes, out read));
        if (publicKey is not null)
        {
            return new Public(publicKey);
        }

        return TryCertificate(der) ?? (IsEllipticCurve(der) ? new EllipticCurve() : new Unknown());
    }

    private static RSA? TryRsa(byte[] der, Import<RSA> import)
    {
        var rsa = RSA.Create();
        if (TryImport(rsa, der, import))
        {
            return rsa;
        }

        rsa.Dispose();
        return null;
    }

    private static KeyShape? TryCertificate(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return certificate.GetRSAPublicKey() is { } rsa
                ? new Certificate(rsa, new(
                    certificate.SerialNumber.TrimStart('0'),
                    certificate.NotBefore.ToUniversalTime(),
                    certificate.NotAfter.ToUniversalTime(),
                    certificate.ExportCertificatePem()))
                : new EllipticCurve();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsEllipticCurve(byte[] der)
    {
        using var key = ECDsa.Create();
        return TryImport(key, der, (ECDsa ec, ReadOnlySpan<byte> bytes, out int read) => ec.ImportPkcs8PrivateKey(bytes, out read))
            || TryImport(key, der, (ECDsa ec, ReadOnlySpan<byte> bytes, out int read) => ec.ImportSubjectPublicKeyInfo(bytes, out read))
            || TryImport(key, der, (ECDsa ec, ReadOnlySpan<byte> bytes, out int read) => ec.ImportECPrivateKey(bytes, out read));
    }

    private static bool TryImport<TKey>(TKey key, byte[] der, Import<TKey> import)
    {
        try
        {
            import(key, der, out var read);
            return read == der.Length;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
