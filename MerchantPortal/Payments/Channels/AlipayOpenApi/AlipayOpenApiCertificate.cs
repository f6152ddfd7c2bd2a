using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>A certificate by the name that Alipay gives it.</summary>
/// <param name="Number">Lower-case hex MD5 of the issuer (RFC 2253, most particular part first) followed by the serial in decimal.</param>
/// <param name="IsSignedByRsa">False for the SM2 and elliptic-curve certificates that stand in the root file too.</param>
internal sealed record AlipayOpenApiCertificate(string Number, string Pem, bool IsSignedByRsa)
{
    /// <summary>Alipay's root file holds four.</summary>
    private const int MaxCertificates = 20;

    /// <summary>All OIDs of RSA with PKCS#1 v1.5 begin so, whatever the hash.</summary>
    private const string RsaSignatures = "1.2.840.113549.1.1.";

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.6"] = "C",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.9"] = "STREET",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
    };

    /// <returns>In the order of the file; empty when the text holds no certificate, a broken one, or far too many.</returns>
    public static IReadOnlyList<AlipayOpenApiCertificate> ReadAll(string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            // Files copied out of JSON or environment variables carry line feeds as two characters.
            certificates.ImportFromPem(text.Replace("\\n", "\n", StringComparison.Ordinal));
            return certificates.Count > MaxCertificates ? [] : [.. certificates.Select(Of)];
        }
        catch (CryptographicException)
        {
            return [];
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>The number of a root file: its RSA certificates, joined.</summary>
    /// <returns>Null when it holds none.</returns>
    public static string? RootNumber(IEnumerable<AlipayOpenApiCertificate> chain) =>
        string.Join('_', chain.Where(certificate => certificate.IsSignedByRsa).Select(certificate => certificate.Number)) is { Length: > 0 } joined ? joined : null;

    private static AlipayOpenApiCertificate Of(X509Certificate2 certificate)
    {
        var serial = new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true);
        var named = Issuer(certificate.IssuerName) + serial.ToString(CultureInfo.InvariantCulture);
        return new AlipayOpenApiCertificate(
            // A name and no proof: nothing is believed because of it.
            Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(named))),
            certificate.ExportCertificatePem(),
            certificate.SignatureAlgorithm.Value?.StartsWith(RsaSignatures, StringComparison.Ordinal) == true);
    }

    private static string Issuer(X500DistinguishedName name) => string.Join(',', name.EnumerateRelativeDistinguishedNames(reversed: true).Select(part =>
    {
        if (part.HasMultipleElements)
        {
            throw new CryptographicException("An issuer with a part of several values cannot be named.");
        }

        var oid = part.GetSingleElementType().Value ?? "";
        return $"{ShortNames.GetValueOrDefault(oid, oid)}={Escaped(part.GetSingleElementValue() ?? "")}";
    }));

    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var isEdge = (value[i] is ' ' && (i == 0 || i == value.Length - 1)) || (value[i] is '#' && i == 0);
            text.Append(isEdge || value[i] is ',' or '+' or '"' or '\\' or '<' or '>' or ';' ? "\\" : "").Append(value[i]);
        }

        return text.ToString();
    }
}
