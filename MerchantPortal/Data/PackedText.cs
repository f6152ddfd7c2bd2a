using System.Buffers;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantPortal.Data;

/// <summary>
/// Keeps of a text only what is new in it: what it repeats, of itself or of <see cref="KnownText"/>, becomes a reference. A text that tells the
/// same story as thousands before it shrinks to a sixth, in some microseconds.
/// Form: 1, the length in bytes, then in turn a run of new bytes and a reference (length, distance), each number in 7-bit groups.
/// </summary>
internal static class PackedText
{
    /// <summary>The first byte of what is packed with the first <see cref="KnownText"/>. No JSON text begins with it.</summary>
    private const byte First = 1;

    private const int Shortest = 5;
    private const int HashBits = 13;

    private static readonly byte[] Known = Encoding.UTF8.GetBytes(KnownText.First);
    private static readonly int[] KnownPlaces = PlacesOf(Known);

    public static byte[] Pack(string text)
    {
        var end = Known.Length + Encoding.UTF8.GetByteCount(text);
        var source = ArrayPool<byte>.Shared.Rent(end);
        var places = ArrayPool<int>.Shared.Rent(KnownPlaces.Length);
        Known.CopyTo(source, 0);
        KnownPlaces.CopyTo(places, 0);
        Encoding.UTF8.GetBytes(text, source.AsSpan(Known.Length));
        var packed = new ArrayBufferWriter<byte>(256);
        packed.Write([First]);
        Write(packed, end - Known.Length);
        Pack(source.AsSpan(0, end), places, packed);
        ArrayPool<int>.Shared.Return(places);
        ArrayPool<byte>.Shared.Return(source);
        return packed.WrittenSpan.ToArray();
    }

    /// <param name="stored">Packed, or the text's own UTF-8 bytes as older versions stored them.</param>
    /// <exception cref="InvalidDataException">Neither.</exception>
    public static string Unpack(byte[] stored)
    {
        if (stored is not [First, ..])
        {
            return Encoding.UTF8.GetString(stored);
        }

        ReadOnlySpan<byte> rest = stored.AsSpan(1);
        var text = new byte[Known.Length + Read(ref rest)];
        Known.CopyTo(text, 0);
        for (var at = Known.Length; at < text.Length;)
        {
            var fresh = Read(ref rest);
            rest[..fresh].CopyTo(text.AsSpan(at));
            rest = rest[fresh..];
            at += fresh;
            var repeated = at < text.Length ? Read(ref rest) : 0;
            var from = repeated > 0 ? at - Read(ref rest) : at;
            // Byte by byte: a reference may run into what it makes.
            for (; repeated > 0; repeated--)
            {
                text[at++] = text[from++];
            }
        }

        return Encoding.UTF8.GetString(text.AsSpan(Known.Length));
    }

    private static void Pack(ReadOnlySpan<byte> source, int[] places, ArrayBufferWriter<byte> packed)
    {
        var (at, written) = (Known.Length, Known.Length);
        while (at + Shortest <= source.Length)
        {
            ref var place = ref places[Hash(source[at..])];
            var (before, repeated) = (place - 1, 0);
            place = at + 1;
            if (before >= 0)
            {
                repeated = source[before..].CommonPrefixLength(source[at..]);
            }

            if (repeated < Shortest)
            {
                at++;
                continue;
            }

            Write(packed, at - written);
            packed.Write(source[written..at]);
            Write(packed, repeated);
            Write(packed, at - before);
            (at, written) = (at + repeated, at + repeated);
        }

        Write(packed, source.Length - written);
        packed.Write(source[written..]);
    }

    /// <returns>By hash: one more than the last place of it, 0 for none.</returns>
    private static int[] PlacesOf(ReadOnlySpan<byte> text)
    {
        var places = new int[1 << HashBits];
        for (var at = 0; at + Shortest <= text.Length; at++)
        {
            places[Hash(text[at..])] = at + 1;
        }

        return places;
    }

    private static int Hash(ReadOnlySpan<byte> text) => (int)((BitConverter.ToUInt32(text) * 2_654_435_761u) >> (32 - HashBits));

    private static void Write(ArrayBufferWriter<byte> packed, int number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            packed.Write([(byte)(number | 0x80)]);
        }

        packed.Write([(byte)number]);
    }

    private static int Read(ref ReadOnlySpan<byte> rest)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var group = rest[0];
            rest = rest[1..];
            number |= (group & 0x7F) << shift;
            if (group < 0x80)
            {
                return number;
            }
        }
    }
}

/// <summary>Texts stored by <see cref="PackedText"/>.</summary>
internal sealed class PackedTextConverter() : ValueConverter<string, byte[]>(text => PackedText.Pack(text), stored => PackedText.Unpack(stored));
