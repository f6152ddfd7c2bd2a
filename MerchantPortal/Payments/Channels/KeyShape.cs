using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MerchantPortal.Payments.Channels;

/// <summary>What DER bytes turn out to be. Whoever gets one that holds an <see cref="RSA"/> disposes it.</summary>
internal abstract record KeyShape
{
    internal sealed record Private(RSA Rsa, KeyFormat Format) : KeyShape;

    internal sealed record Public(RSA Rsa, KeyFormat Format) : KeyShape;

    internal sealed record Certificate(RSA Rsa, CertificateFacts Facts) : KeyShape;

    internal sealed record EllipticCurve : KeyShape;

    internal sealed record Unknown : KeyShape;

    private delegate void Import<in TKey>(TKey key, ReadOnlySpan<byte> der, out int read);

    internal static KeyShape Of(byte[] der)
    {
        if (TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportPkcs8PrivateKey(bytes, out read)) is { } pkcs8)
        {
            return new Private(pkcs8, KeyFormat.Pkcs8);
        }

        if (TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportRSAPrivateKey(bytes, out read)) is { } pkcs1)
        {
            return new Private(pkcs1, KeyFormat.Pkcs1);
        }

        return TryPublic(der) ?? TryCertificate(der) ?? (IsEllipticCurve(der) ? new EllipticCurve() : new Unknown());
    }

    private static Public? TryPublic(byte[] der) =>
        TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportSubjectPublicKeyInfo(bytes, out read)) is { } info
            ? new Public(info, KeyFormat.SubjectPublicKeyInfo)
            : TryRsa(der, (RSA key, ReadOnlySpan<byte> bytes, out int read) => key.ImportRSAPublicKey(bytes, out read)) is { } pkcs1
                ? new Public(pkcs1, KeyFormat.Pkcs1)
                : null;

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
