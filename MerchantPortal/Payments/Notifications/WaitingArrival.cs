using MerchantPortal.Data;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A message in the queue, and the answer that its request waits for.</summary>
internal sealed record WaitingArrival(Arrival Arrival)
{
    /// <summary>True when it is booked, and durable. False when it has to be taken by itself.</summary>
    public TaskCompletionSource<bool> Booked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was decided ahead of the transaction; null where it has to be decided in it.</summary>
    public BookedPayment? Decided { get; private set; }

    /// <summary>Reads and decides ahead of the transaction. Whoever cannot be booked with others is answered at once.</summary>
    /// <returns>The others.</returns>
    public static async Task<IReadOnlyList<WaitingArrival>> DecideAsync(PortalDbContext db, IReadOnlyList<WaitingArrival> waiting)
    {
        var decided = await BookTogether.DecideAsync(db, [.. waiting.Select(one => one.Arrival)], CancellationToken.None);
        var others = new List<WaitingArrival>(waiting.Count);
        foreach (var one in waiting)
        {
            one.Decided = decided.FirstOrDefault(payment => ReferenceEquals(payment.Arrival, one.Arrival));
            if (one.Decided is null)
            {
                one.Booked.SetResult(false);
            }
            else
            {
                others.Add(one);
            }
        }

        return others;
    }
}
