using MerchantPortal.Data;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// Messages that are booked in one transaction. What fails is left to be booked message by message, so that nobody pays for a neighbour.
/// </summary>
internal sealed class ArrivalBatch(WaitingArrival[] waiting)
{
    private readonly TaskCompletionSource _stated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Arrival[] _arrivals = [.. waiting.Select(one => one.Arrival)];
    private IReadOnlyList<BookedPayment>? _decided = Decided(waiting);

    /// <summary>Ends when all its rows stand in the transaction and only the commit is left; never, when that is not reached.</summary>
    public Task Stated => _stated.Task;

    /// <summary>Books what was decided, and answers everyone.</summary>
    /// <returns>False when the database took no write.</returns>
    public async Task<bool> BookAsync(PortalWriter writer, FeedSignal signal)
    {
        var isBusy = false;
        IReadOnlyList<BookedPayment> booked = [];
        try
        {
            booked = await writer.WriteAsync(WriteAsync, CancellationToken.None);
            foreach (var storeId in booked.Select(payment => payment.Payment.StoreId).Distinct())
            {
                // The writer sees only the feed rows that are tracked.
                signal.Raise(storeId);
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

    /// <returns>What was decided ahead, one payment of each order; null where that could not be done for all.</returns>
    private static BookedPayment[]? Decided(WaitingArrival[] waiting)
    {
        var decided = waiting.Select(one => one.Decided).OfType<BookedPayment>().ToArray();
        return decided.Length == waiting.Length ? [.. decided.DistinctBy(payment => payment.Rows.Order.Id)] : null;
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
