using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>Signs and checks as the merchant's contract says: MD5 with the shared key behind the text, or RSA with SHA-1.</summary>
internal sealed class MapiSigners(SandboxKeys keys)
{
    private const string StrangersKey = "00000000000000000000000000000000";

    public static string TypeOf(SandboxMerchant merchant) => merchant.Secrets[MapiWire.SignType];

    /// <param name="asStranger">With a key that is nobody's.</param>
    public async Task<string> SignAsync(SandboxMerchant merchant, byte[] text, bool asStranger, CancellationToken cancellationToken)
    {
        if (TypeOf(merchant) == MapiWire.Md5)
        {
            return Digest(text, asStranger ? StrangersKey : merchant.Secrets["key"]);
        }

        var key = await keys.GetAsync(asStranger ? SandboxKeyName.Stranger : SandboxKeyName.AlipayMapi, cancellationToken);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        return Convert.ToBase64String(rsa.SignData(text, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Whether the merchant has signed it.</summary>
    public static bool Holds(SandboxMerchant merchant, byte[] text, string sign)
    {
        if (TypeOf(merchant) == MapiWire.Md5)
        {
            return sign == Digest(text, merchant.Secrets["key"]);
        }

        var bytes = new byte[sign.Length];
        using var rsa = RSA.Create();
        rsa.ImportFromPem(merchant.PublicKey);
        return Convert.TryFromBase64String(sign, bytes, out var length)
            && rsa.VerifyData(text, bytes.AsSpan(0, length), HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
    }

    private static string Digest(byte[] text, string key) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, [.. text, .. Encoding.ASCII.GetBytes(key)]));
}
