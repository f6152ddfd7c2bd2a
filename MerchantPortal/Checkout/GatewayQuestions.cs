using System.Collections.Concurrent;

namespace MerchantPortal.Checkout;

/// <summary>Holds back impatient buyers: at most one question per order and three seconds leaves for the gateway.</summary>
public sealed class GatewayQuestions(TimeProvider time)
{
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private const int PruneAt = 10_000;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _asked = new();

    public bool TryTake(Guid orderId)
    {
        var now = time.GetUtcNow();
        if (_asked.Count > PruneAt)
        {
            Prune(now);
        }

        return !_asked.TryGetValue(orderId, out var before)
            ? _asked.TryAdd(orderId, now)
            : now - before >= Pause && _asked.TryUpdate(orderId, now, before);
    }

    private void Prune(DateTimeOffset now)
    {
        foreach (var entry in _asked.Where(entry => now - entry.Value >= Pause))
        {
            _asked.TryRemove(entry);
        }
    }
}
