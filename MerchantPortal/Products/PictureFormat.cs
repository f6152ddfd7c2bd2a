using System.Buffers.Binary;

namespace MerchantPortal.Products;

/// <summary>What a picture is, told from its bytes; its name and what the browser says of it do not count.</summary>
/// <param name="ContentType">The only types that are ever served.</param>
public sealed record PictureFormat(string ContentType, int Width, int Height)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <returns>Null when it is not a PNG, JPEG or WebP whose size can be read.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> bytes) => Png(bytes) ?? Jpeg(bytes) ?? WebP(bytes);

    private static PictureFormat? Png(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 33 && bytes.StartsWith(PngSignature) && bytes.Slice(12, 4).SequenceEqual("IHDR"u8)
            ? new("image/png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]))
            : null;

    private static PictureFormat? Jpeg(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return null;
        }

        // Segments: FF, marker, length with itself; the frame header (C0–CF but DHT, JPG, DAC) has the size.
        for (var at = 2; at + 9 <= bytes.Length && bytes[at] == 0xFF; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]))
        {
            if (bytes[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }
        }

        return null;
    }

    private static PictureFormat? WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30 || !bytes.StartsWith("RIFF"u8) || !bytes.Slice(8, 4).SequenceEqual("WEBP"u8))
        {
            return null;
        }

        var kind = bytes.Slice(12, 4);
        var packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
        return kind.SequenceEqual("VP8X"u8) ? new("image/webp", Int24(bytes[24..]) + 1, Int24(bytes[27..]) + 1)
            : kind.SequenceEqual("VP8L"u8) ? new("image/webp", (int)(packed & 0x3FFF) + 1, (int)((packed >> 14) & 0x3FFF) + 1)
            : kind.SequenceEqual("VP8 "u8) ? new("image/webp", Int14(bytes[26..]), Int14(bytes[28..]))
            : null;
    }

    private static int Int14(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3FFF;

    private static int Int24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
