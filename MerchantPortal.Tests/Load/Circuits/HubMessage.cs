using System.Buffers.Binary;
using System.Text;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>Writes a call of a hub method in the <c>blazorpack</c> protocol: a length, then MessagePack.</summary>
internal static class HubMessage
{
    public static readonly byte[] Handshake = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray();

    public static readonly byte[] Ping = [2, 0x91, 6];

    /// <param name="id">Null when no answer is wanted.</param>
    /// <param name="arguments">Texts, integers, truths and nulls.</param>
    public static byte[] Invocation(string? id, string target, params object?[] arguments)
    {
        using var body = new MemoryStream();
        body.Write([0x96, 1, 0x80]);
        Write(body, id);
        Write(body, target);
        body.WriteByte((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Write(body, argument);
        }

        body.WriteByte(0x90);
        return [.. Length((int)body.Length), .. body.ToArray()];
    }

    private static void Write(MemoryStream body, object? value)
    {
        switch (value)
        {
            case null:
                body.WriteByte(0xC0);
                break;
            case bool truth:
                body.WriteByte(truth ? (byte)0xC3 : (byte)0xC2);
                break;
            case long number:
                Span<byte> eight = stackalloc byte[9];
                eight[0] = 0xD3;
                BinaryPrimitives.WriteInt64BigEndian(eight[1..], number);
                body.Write(eight);
                break;
            default:
                var text = Encoding.UTF8.GetBytes((string)value);
                Span<byte> head = stackalloc byte[5];
                head[0] = 0xDB;
                BinaryPrimitives.WriteInt32BigEndian(head[1..], text.Length);
                body.Write(head);
                body.Write(text);
                break;
        }
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private static IEnumerable<byte> Length(int value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
