using System.Threading.Channels;
using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Collects plain payments while the batch before them is being written, and has them booked together. A batch that fails is booked
/// message by message, so that nobody pays for a neighbour. Bounded: a stuck disk turns into a prompt "busy".
/// </summary>
public sealed class ArrivalQueue : IAsyncDisposable
{
    private const int MaxWaiting = 2_000;
    private const int MaxBatch = 64;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly PortalWriter _writer;
    private readonly FeedSignal _signal;
    private readonly Task _loop;

    public ArrivalQueue(PortalWriter writer, FeedSignal signal)
    {
        (_writer, _signal) = (writer, signal);
        _loop = Task.Run(RunAsync);
    }

    /// <returns>True when it is booked, and durable. False when it has to be taken by itself.</returns>
    /// <exception cref="DatabaseBusyException">Too many are waiting; nothing has been done.</exception>
    internal Task<bool> TryBookAsync(Arrival arrival)
    {
        var waiting = new Waiting(arrival);
        return _queue.Writer.TryWrite(waiting) ? waiting.Booked.Task : throw new DatabaseBusyException();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            foreach (var ofAccount in batch.GroupBy(waiting => waiting.Arrival.Account.Account.Id))
            {
                await BookAsync([.. ofAccount]);
            }

            batch.Clear();
        }
    }

    private async Task BookAsync(Waiting[] batch)
    {
        IReadOnlyCollection<Arrival> booked = [];
        try
        {
            booked = await _writer.WriteAsync((db, ct) => BookTogether.ExecuteAsync(db, [.. batch.Select(waiting => waiting.Arrival)], ct), CancellationToken.None);
            if (booked.Count > 0)
            {
                // The writer sees only the feed rows that are tracked.
                _signal.Raise(batch[0].Arrival.Account.Account.StoreId);
            }
        }
        catch (DatabaseBusyException)
        {
            Refuse(batch);
            return;
        }
        catch (Exception)
        {
            // Taken one by one, the one that is to blame fails by itself, and says so.
        }

        var done = booked.ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var waiting in batch)
        {
            waiting.Booked.SetResult(done.Contains(waiting.Arrival));
        }
    }

    /// <summary>Whoever came while the database could not be written has waited long enough: told so now, he comes again in time.</summary>
    private void Refuse(Waiting[] batch)
    {
        foreach (var waiting in batch)
        {
            waiting.Booked.SetException(new DatabaseBusyException());
        }

        while (_queue.Reader.TryRead(out var waiting))
        {
            waiting.Booked.SetException(new DatabaseBusyException());
        }
    }

    private sealed record Waiting(Arrival Arrival)
    {
        public TaskCompletionSource<bool> Booked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
