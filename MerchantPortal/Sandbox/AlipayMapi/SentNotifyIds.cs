using System.Collections.Concurrent;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>When each message went out the last time. Kept in memory: a notify_id lives a minute, and hardly outlives the process.</summary>
internal sealed class SentNotifyIds(TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Partner, string NotifyId), DateTimeOffset> _sent = new();

    public void Sent(string partner, string notifyId)
    {
        var now = time.GetUtcNow();
        foreach (var old in _sent.Where(entry => now - entry.Value > Life).Select(entry => entry.Key))
        {
            _sent.TryRemove(old, out _);
        }

        _sent[(partner, notifyId)] = now;
    }

    public bool IsAlive(string partner, string notifyId) =>
        _sent.TryGetValue((partner, notifyId), out var at) && time.GetUtcNow() - at <= Life;
}
