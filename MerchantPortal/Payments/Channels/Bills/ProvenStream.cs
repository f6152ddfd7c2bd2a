namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Compares the check sum that a zip file announces for an entry with what comes out of it.</summary>
/// <exception cref="InvalidDataException">At the end, when they differ.</exception>
internal sealed class ProvenStream(Stream inner, uint announced) : ReadOnlyStream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private uint _crc = uint.MaxValue;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Take(buffer.Span[..read], buffer.Length);
    }

    public override int Read(Span<byte> buffer) => Take(buffer[..inner.Read(buffer)], buffer.Length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> bytes, int asked)
    {
        foreach (var value in bytes)
        {
            _crc = Table[(byte)(_crc ^ value)] ^ (_crc >> 8);
        }

        return bytes.Length == 0 && asked > 0 && ~_crc != announced ? throw new InvalidDataException("The check sum of the zip file is wrong.") : bytes.Length;
    }

    /// <summary>CRC-32 as PKZIP has it, reflected polynomial 0xEDB88320.</summary>
    private static uint Entry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
        }

        return value;
    }
}
