using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>
/// The merchant's certificate with its private key, which WeChat Pay asks for when money leaves: apiclient_cert.p12 as base64 (its
/// pass phrase is the merchant number), or apiclient_cert.pem and apiclient_key.pem one after the other.
/// </summary>
internal static class WeChatPayV2Certificate
{
    internal abstract record Reading
    {
        /// <param name="Pem">Certificate, then PKCS#8 key.</param>
        /// <param name="NotAfter">When the certificate ends.</param>
        internal sealed record Readable(string Pem, string Fingerprint, DateTimeOffset NotAfter) : Reading;

        /// <param name="Message">What is wrong and what to do; holds nothing of the text.</param>
        internal sealed record Unreadable(string Message) : Reading;
    }

    /// <param name="pem">What <see cref="Reading.Readable"/> has kept.</param>
    internal static X509Certificate2 Open(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        // Read anew: some platforms do not show a certificate whose key came apart from it.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    internal static Reading Read(string text, string merchantNumber)
    {
        try
        {
            using var certificate = text.Contains("-----BEGIN", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromPem(text, text)
                : X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(text), merchantNumber, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
            using var key = certificate.GetRSAPrivateKey();
            return key is null
                ? new Reading.Unreadable("The certificate comes without its private key. Add the content of apiclient_key.pem below it.")
                : new Reading.Readable(
                    $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n",
                    Mask.Fingerprint(certificate.RawData),
                    certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            return new Reading.Unreadable(
                "This cannot be read. Paste apiclient_cert.pem and below it apiclient_key.pem, or apiclient_cert.p12 as base64 (its pass phrase is the merchant number).");
        }
    }
}
