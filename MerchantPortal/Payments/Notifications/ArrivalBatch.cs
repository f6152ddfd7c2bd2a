using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A message in the queue, and the answer that its request waits for.</summary>
internal sealed record WaitingArrival(Arrival Arrival)
{
    /// <summary>True when it is booked, and durable. False when it has to be taken by itself.</summary>
    public TaskCompletionSource<bool> Booked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Messages of one account that are booked in one transaction. What fails is left to be booked message by message, so that nobody pays for a neighbour.
/// </summary>
internal sealed class ArrivalBatch(WaitingArrival[] waiting)
{
    private readonly TaskCompletionSource _stated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Arrival[] _arrivals = [.. waiting.Select(one => one.Arrival)];
    private IReadOnlyList<BookedPayment>? _decided;

    /// <summary>Ends when all its rows stand in the transaction and only the commit is left; never, when that is not reached.</summary>
    public Task Stated => _stated.Task;

    /// <summary>Reads and decides ahead of the transaction; without this it is done in it.</summary>
    public async Task DecideAsync(PortalDbContext db) => _decided = await BookTogether.DecideAsync(db, _arrivals, CancellationToken.None);

    /// <summary>Books what was decided, and answers everyone.</summary>
    /// <returns>False when the database took no write.</returns>
    public async Task<bool> BookAsync(PortalWriter writer, FeedSignal signal)
    {
        var isBusy = false;
        IReadOnlyList<BookedPayment> booked = [];
        try
        {
            booked = await writer.WriteAsync(WriteAsync, CancellationToken.None);
            if (booked.Count > 0)
            {
                // The writer sees only the feed rows that are tracked.
                signal.Raise(booked[0].Payment.StoreId);
            }
        }
        catch (DatabaseBusyException)
        {
            isBusy = true;
        }
        catch (Exception)
        {
            // Taken one by one, the one that is to blame fails by itself, and says so.
        }

        Answer(isBusy, booked);
        return !isBusy;
    }

    private async Task<IReadOnlyList<BookedPayment>> WriteAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        // A second round means that somebody else was first: decided again on what is there now.
        var paid = Interlocked.Exchange(ref _decided, null) ?? await BookTogether.DecideAsync(db, _arrivals, cancellationToken);
        await BookTogether.WriteAsync(db, paid, cancellationToken);
        _stated.TrySetResult();
        return paid;
    }

    private void Answer(bool isBusy, IReadOnlyList<BookedPayment> booked)
    {
        var done = booked.Select(payment => payment.Arrival).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var one in waiting)
        {
            if (isBusy)
            {
                one.Booked.SetException(new DatabaseBusyException());
            }
            else
            {
                one.Booked.SetResult(done.Contains(one.Arrival));
            }
        }
    }
}
