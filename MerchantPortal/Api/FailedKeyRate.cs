using System.Net;
using System.Threading.RateLimiting;

namespace MerchantPortal.Api;

/// <summary>
/// How many wrong keys one address may present: a burst of 30, then one a second. Only wrong keys count, so that nobody can lock a
/// merchant's own system out by guessing beside it.
/// </summary>
internal sealed class FailedKeyRate : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 30,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool TryTake(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
