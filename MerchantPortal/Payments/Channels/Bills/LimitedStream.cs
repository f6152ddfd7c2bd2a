namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Reads no more than a limit.</summary>
/// <exception cref="BillTooLargeException">At the first byte beyond it.</exception>
internal sealed class LimitedStream(Stream inner, long limit, bool leaveOpen = false) : ReadOnlyStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read) => (_read += read) > limit ? throw new BillTooLargeException() : read;
}

/// <summary>A file or its text is larger than any bill.</summary>
internal sealed class BillTooLargeException : Exception;
