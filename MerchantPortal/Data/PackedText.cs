using System.Buffers;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantPortal.Data;

/// <summary>Keeps a text that is written with every callback and seldom read in less than half its length. Form: 1, then Brotli (RFC 7932) of its UTF-8 bytes.</summary>
internal static class PackedText
{
    /// <summary>The first byte of what is packed. No JSON text begins with it.</summary>
    private const byte Packed = 1;

    /// <summary>The highest that costs less than 10 µs a text.</summary>
    private const int Quality = 2;

    private const int Window = 18;

    /// <summary>Takes nothing at the beginning for a mark.</summary>
    private static readonly UTF8Encoding Plain = new(encoderShouldEmitUTF8Identifier: false);

    public static byte[] Pack(string text)
    {
        var source = Encoding.UTF8.GetBytes(text);
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(source.Length) + 1);
        try
        {
            room[0] = Packed;
            return BrotliEncoder.TryCompress(source, room.AsSpan(1), out var written, Quality, Window)
                ? room.AsSpan(0, written + 1).ToArray()
                : throw new InvalidOperationException("There is room for any text.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <param name="stored">Packed, or the text's own UTF-8 bytes as older versions stored them.</param>
    /// <exception cref="InvalidOperationException">Neither.</exception>
    public static string Unpack(byte[] stored)
    {
        if (stored is not [Packed, ..])
        {
            return Encoding.UTF8.GetString(stored);
        }

        using var text = new StreamReader(new BrotliStream(new MemoryStream(stored, 1, stored.Length - 1), CompressionMode.Decompress), Plain, detectEncodingFromByteOrderMarks: false);
        return text.ReadToEnd();
    }
}

/// <summary>Texts stored by <see cref="PackedText"/>.</summary>
internal sealed class PackedTextConverter() : ValueConverter<string, byte[]>(text => PackedText.Pack(text), stored => PackedText.Unpack(stored));
