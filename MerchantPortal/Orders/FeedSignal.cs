using System.Collections.Concurrent;

namespace MerchantPortal.Orders;

/// <summary>
/// Says "look" to whoever reads a store's feed, after the commit. It carries no data, so a lost or doubled signal does no harm.
/// </summary>
public sealed class FeedSignal
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next <see cref="Raise"/> for the store. Ask before reading the feed, then no change can slip by.</summary>
    public Task NextAsync(Guid storeId) =>
        _waiting.GetOrAdd(storeId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Raised after a commit of this instance; a relay to other instances listens here.</summary>
    public event Action<Guid>? RaisedHere;

    public void Raise(Guid storeId)
    {
        Wake(storeId);
        RaisedHere?.Invoke(storeId);
    }

    /// <summary>Wakes this instance's readers only: for changes that another instance committed.</summary>
    public void Wake(Guid storeId)
    {
        if (_waiting.TryRemove(storeId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>For a relay that may have missed signals: every reader of this instance looks again.</summary>
    public void WakeAll()
    {
        foreach (var storeId in _waiting.Keys)
        {
            Wake(storeId);
        }
    }
}
