using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>Seals content with a merchant's APIv3 key, as WeChat Pay does.</summary>
internal static class WeChatEnvelope
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static JsonObject Seal(string apiV3Key, ReadOnlySpan<byte> plain, string associatedData)
    {
        var nonce = RandomNumberGenerator.GetHexString(NonceSize, lowercase: true);
        var sealedBytes = new byte[plain.Length + TagSize];
        using var aes = new AesGcm(Encoding.ASCII.GetBytes(apiV3Key), TagSize);
        aes.Encrypt(
            Encoding.ASCII.GetBytes(nonce), plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), Encoding.ASCII.GetBytes(associatedData));
        return new JsonObject
        {
            ["algorithm"] = "AEAD_AES_256_GCM",
            ["ciphertext"] = Convert.ToBase64String(sealedBytes),
            ["associated_data"] = associatedData,
            ["nonce"] = nonce,
        };
    }
}
