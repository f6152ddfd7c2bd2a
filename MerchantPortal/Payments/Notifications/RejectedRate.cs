using System.Collections.Concurrent;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// How many unproven captures per account are worth storing: a burst of 500, then 20 a second. Beyond that they are only refused,
/// so that a flood of forgeries cannot keep the disk busy.
/// </summary>
public sealed class RejectedRate(TimeProvider time)
{
    internal const int Burst = 500;
    internal const int PerSecond = 20;

    private readonly ConcurrentDictionary<Guid, Bucket> _buckets = new();

    public bool TryTake(Guid accountId) => _buckets.GetOrAdd(accountId, _ => new Bucket(time.GetTimestamp())).TryTake(time);

    private sealed class Bucket(long filledAt)
    {
        private readonly Lock _lock = new();
        private long _filledAt = filledAt;
        private double _tokens = Burst;

        public bool TryTake(TimeProvider time)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(Burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond));
                _filledAt = now;
                if (_tokens < 1)
                {
                    return false;
                }

                _tokens--;
                return true;
            }
        }
    }
}
