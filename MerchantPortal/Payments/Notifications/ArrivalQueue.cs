using System.Threading.Channels;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Collects plain payments while the batch before them is being written, and has them booked together: the next batch is read and decided
/// on while the one before it is committed. Bounded: a stuck disk turns into a prompt "busy".
/// </summary>
public sealed class ArrivalQueue : IAsyncDisposable
{
    private const int MaxWaiting = 2_000;
    private const int MaxBatch = 64;

    private readonly Channel<WaitingArrival> _queue = Channel.CreateBounded<WaitingArrival>(MaxWaiting);
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly PortalWriter _writer;
    private readonly FeedSignal _signal;
    private readonly Task _loop;

    /// <summary>Reads for one batch after the other and stays open, outside any transaction; null before the first and after a failure.</summary>
    private PortalDbContext? _reader;

    public ArrivalQueue(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, FeedSignal signal)
    {
        (_contexts, _writer, _signal) = (contexts, writer, signal);
        _loop = Task.Run(RunAsync);
    }

    /// <returns>True when it is booked, and durable. False when it has to be taken by itself.</returns>
    /// <exception cref="DatabaseBusyException">Too many are waiting; nothing has been done.</exception>
    internal Task<bool> TryBookAsync(Arrival arrival)
    {
        var waiting = new WaitingArrival(arrival);
        return _queue.Writer.TryWrite(waiting) ? waiting.Booked.Task : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await CloseAsync();
    }

    private async Task RunAsync()
    {
        var earlier = Task.CompletedTask;
        while (await _queue.Reader.WaitToReadAsync())
        {
            var batches = Take().GroupBy(waiting => waiting.Arrival.Account.Account.Id).Select(ofAccount => new ArrivalBatch([.. ofAccount])).ToArray();
            await DecideAsync(batches);
            var booking = Task.WhenAll(batches.Select(BookAsync));
            await Task.WhenAny(booking, Task.WhenAll(batches.Select(batch => batch.Stated)));
            await earlier;
            earlier = booking;
        }

        await earlier;
    }

    private List<WaitingArrival> Take()
    {
        var taken = new List<WaitingArrival>(MaxBatch);
        while (taken.Count < MaxBatch && _queue.Reader.TryRead(out var waiting))
        {
            taken.Add(waiting);
        }

        return taken;
    }

    private async Task DecideAsync(ArrivalBatch[] batches)
    {
        try
        {
            if (_reader is null)
            {
                _reader = await _contexts.CreateDbContextAsync();
                await _reader.Database.OpenConnectionAsync();
            }

            foreach (var batch in batches)
            {
                await batch.DecideAsync(_reader);
            }
        }
        catch (Exception)
        {
            // Decided in the transaction then, where the same failure leaves each message to itself.
            await CloseAsync();
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
        while (_queue.Reader.TryRead(out var waiting))
        {
            waiting.Booked.SetException(new DatabaseBusyException());
        }
    }
}
