using System.Threading.Channels;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Has plain payments booked together, in two stages side by side: one reads and decides on what has come, the other writes what has been
/// decided on while the batch before it was written. Bounded: a stuck disk turns into a prompt "busy".
/// </summary>
public sealed class ArrivalQueue : IAsyncDisposable
{
    private const int MaxWaiting = 2_000;
    private const int MaxBatch = 64;

    private readonly Channel<WaitingArrival> _arrived = Channel.CreateBounded<WaitingArrival>(MaxWaiting);

    /// <summary>No more than two commits' worth: what was decided long ago is out of date more often.</summary>
    private readonly Channel<WaitingArrival> _decided = Channel.CreateBounded<WaitingArrival>(MaxBatch * 2);
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly PortalWriter _writer;
    private readonly FeedSignal _signal;
    private readonly Task _deciding;
    private readonly Task _booking;

    /// <summary>Reads for one batch after the other and stays open, outside any transaction; null before the first and after a failure.</summary>
    private PortalDbContext? _reader;

    public ArrivalQueue(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, FeedSignal signal)
    {
        (_contexts, _writer, _signal) = (contexts, writer, signal);
        (_deciding, _booking) = (Task.Run(DecideAsync), Task.Run(BookAsync));
    }

    /// <returns>True when it is booked, and durable. False when it has to be taken by itself.</returns>
    /// <exception cref="DatabaseBusyException">Too many are waiting; nothing has been done.</exception>
    internal Task<bool> TryBookAsync(Arrival arrival)
    {
        var waiting = new WaitingArrival(arrival);
        return _arrived.Writer.TryWrite(waiting) ? waiting.Booked.Task : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        _arrived.Writer.TryComplete();
        await _deciding;
        await _booking;
        await CloseAsync();
    }

    private async Task DecideAsync()
    {
        while (await _arrived.Reader.WaitToReadAsync())
        {
            foreach (var one in await DecideAsync(Take(_arrived.Reader)))
            {
                await _decided.Writer.WriteAsync(one);
            }
        }

        _decided.Writer.Complete();
    }

    private async Task BookAsync()
    {
        var earlier = Task.CompletedTask;
        while (await _decided.Reader.WaitToReadAsync())
        {
            var batch = new ArrivalBatch(Take(_decided.Reader));
            var booking = BookAsync(batch);
            await Task.WhenAny(booking, batch.Stated);
            await earlier;
            earlier = booking;
        }

        await earlier;
    }

    private static WaitingArrival[] Take(ChannelReader<WaitingArrival> from)
    {
        var taken = new List<WaitingArrival>(MaxBatch);
        while (taken.Count < MaxBatch && from.TryRead(out var waiting))
        {
            taken.Add(waiting);
        }

        return [.. taken];
    }

    /// <returns>Those that are to be booked together.</returns>
    private async Task<IReadOnlyList<WaitingArrival>> DecideAsync(WaitingArrival[] batch)
    {
        try
        {
            if (_reader is null)
            {
                _reader = await _contexts.CreateDbContextAsync();
                await _reader.Database.OpenConnectionAsync();
            }

            return await WaitingArrival.DecideAsync(_reader, batch);
        }
        catch (Exception)
        {
            // Decided in the transaction then, where the same failure leaves each message to itself.
            await CloseAsync();
            return batch;
        }
    }

    private async Task CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync();
        }
    }

    private async Task BookAsync(ArrivalBatch batch)
    {
        if (await batch.BookAsync(_writer, _signal))
        {
            return;
        }

        // Whoever came while the database could not be written has waited long enough: told so now, he comes again in time.
        while (_decided.Reader.TryRead(out var waiting) || _arrived.Reader.TryRead(out waiting))
        {
            waiting.Booked.SetException(new DatabaseBusyException());
        }
    }
}
