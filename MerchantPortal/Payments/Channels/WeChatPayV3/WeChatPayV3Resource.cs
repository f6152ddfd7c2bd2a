using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>Opens the AES-256-GCM envelope around a notification's content.</summary>
internal static class WeChatPayV3Resource
{
    internal const string Algorithm = "AEAD_AES_256_GCM";

    /// <summary>Checked here as well as in the form: the framework would take 16 bytes as AES-128 without a word.</summary>
    internal const int KeyLength = 32;

    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    /// <param name="sealedText">Ciphertext, then the tag.</param>
    /// <param name="plaintext">As long as <paramref name="sealedText"/> without the tag.</param>
    /// <returns>Null when it opened; else what is wrong.</returns>
    internal static string? Open(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        if (key.Length != KeyLength)
        {
            return $"The APIv3 key does not have {KeyLength} bytes.";
        }

        if (nonce.Length != NonceLength)
        {
            return $"The nonce of the envelope has {nonce.Length} bytes instead of {NonceLength}.";
        }

        if (sealedText.Length < TagLength)
        {
            return "The ciphertext is shorter than its own tag.";
        }

        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(nonce, sealedText[..^TagLength], sealedText[^TagLength..], plaintext, associatedData);
            return null;
        }
        catch (AuthenticationTagMismatchException)
        {
            return "The content does not open with this account's APIv3 key. Compare it with the key set in the merchant console, then replay.";
        }
    }
}
