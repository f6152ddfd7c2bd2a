using System.Threading.RateLimiting;

namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// How many unproven captures per account are worth storing: a burst of 500, then 20 a second. Beyond that they are only refused,
/// so that a flood of forgeries cannot keep the disk busy.
/// </summary>
public sealed class RejectedRate : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(accountId =>
        RateLimitPartition.GetTokenBucketLimiter(accountId, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 500,
            TokensPerPeriod = 20,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool TryTake(Guid accountId)
    {
        using var lease = _limiter.AttemptAcquire(accountId);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
