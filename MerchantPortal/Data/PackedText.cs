using System.Buffers;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantPortal.Data;

/// <summary>
/// A text that is written with every callback and seldom read, kept in less than half its length. Packed where it is made, not where it is
/// written: the database has one writer. Form: 1, then Brotli (RFC 7932) of its UTF-8 bytes.
/// </summary>
public sealed class PackedText
{
    /// <summary>The first byte of what is packed. No JSON text begins with it.</summary>
    private const byte Packed = 1;

    /// <summary>The highest that costs less than 10 µs a text.</summary>
    private const int Quality = 2;

    private const int Window = 18;

    /// <summary>Takes nothing at the beginning for a mark.</summary>
    private static readonly UTF8Encoding Plain = new(encoderShouldEmitUTF8Identifier: false);

    private PackedText(byte[] stored) => Stored = stored;

    /// <summary>As the database keeps it.</summary>
    internal byte[] Stored { get; }

    public static PackedText Of(string text)
    {
        var source = Encoding.UTF8.GetBytes(text);
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(source.Length) + 1);
        try
        {
            room[0] = Packed;
            return BrotliEncoder.TryCompress(source, room.AsSpan(1), out var written, Quality, Window)
                ? new(room.AsSpan(0, written + 1).ToArray())
                : throw new InvalidOperationException("There is room for any text.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <param name="stored">Packed, or the text's own UTF-8 bytes as older versions stored them.</param>
    internal static PackedText Read(byte[] stored) => new(stored);

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">What is stored is no text.</exception>
    public override string ToString()
    {
        if (Stored is not [Packed, ..])
        {
            return Encoding.UTF8.GetString(Stored);
        }

        using var text = new StreamReader(new BrotliStream(new MemoryStream(Stored, 1, Stored.Length - 1), CompressionMode.Decompress), Plain, detectEncodingFromByteOrderMarks: false);
        return text.ReadToEnd();
    }
}

internal sealed class PackedTextConverter() : ValueConverter<PackedText, byte[]>(text => text.Stored, stored => PackedText.Read(stored));
