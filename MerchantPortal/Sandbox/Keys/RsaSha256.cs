using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Sandbox.Keys;

/// <summary>SHA-256 with RSA, PKCS#1 v1.5, base64: the signature of both gateways.</summary>
internal static class RsaSha256
{
    public static string Sign(string privateKey, string text) => Sign(privateKey, Encoding.UTF8.GetBytes(text));

    public static string Sign(string privateKey, byte[] text)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(privateKey);
        return Convert.ToBase64String(rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static bool Verify(string publicKey, byte[] text, string signature)
    {
        var bytes = new byte[signature.Length];
        if (signature.Length == 0 || !Convert.TryFromBase64String(signature, bytes, out var length))
        {
            return false;
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKey);
        return rsa.VerifyData(text, bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
