using System.Buffers.Binary;
using System.Text;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>Reads MessagePack as far as Blazor's hub uses it.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _data = data;

    public int Array()
    {
        var head = Byte();
        return head switch
        {
            >= 0x90 and <= 0x9F => head & 0x0F,
            0xDC => UInt16(),
            _ => throw Unexpected(head),
        };
    }

    /// <summary>Null for nil.</summary>
    public string? Text()
    {
        var head = Byte();
        var length = head switch
        {
            0xC0 => -1,
            >= 0xA0 and <= 0xBF => head & 0x1F,
            0xD9 => Byte(),
            0xDA => UInt16(),
            0xDB => Int32(),
            _ => throw Unexpected(head),
        };
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public long Integer()
    {
        var head = Byte();
        return head switch
        {
            <= 0x7F => head,
            >= 0xE0 => (sbyte)head,
            0xCC => Byte(),
            0xCD => UInt16(),
            0xCE => (uint)Int32(),
            0xCF or 0xD3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            0xD0 => (sbyte)Byte(),
            0xD1 => (short)UInt16(),
            0xD2 => Int32(),
            _ => throw Unexpected(head),
        };
    }

    public ReadOnlySpan<byte> Binary()
    {
        var head = Byte();
        return Take(head switch { 0xC4 => Byte(), 0xC5 => UInt16(), 0xC6 => Int32(), _ => throw Unexpected(head) });
    }

    /// <summary>Headers of a message: the hub sends none.</summary>
    public void EmptyMap()
    {
        if (Byte() is not 0x80 and var head)
        {
            throw Unexpected(head);
        }
    }

    private byte Byte() => Take(1)[0];

    private int UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    private int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _data[..count];
        _data = _data[count..];
        return taken;
    }

    private static InvalidDataException Unexpected(int head) => new($"MessagePack: 0x{head:X2} is not expected here.");
}
