using System.Threading.Channels;

namespace MerchantPortal.Orders;

/// <summary>One follower's place at a store's reader. Bounded: a slow follower loses the oldest and finds the gap by the numbers.</summary>
internal sealed class FeedSubscription(Task ready, Action<FeedSubscription> leave) : IDisposable
{
    private const int MaxPending = 64;

    private readonly Channel<IReadOnlyList<FeedEntry>> _pushed = Channel.CreateBounded<IReadOnlyList<FeedEntry>>(
        new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public Task ReadyAsync(CancellationToken cancellationToken) => ready.WaitAsync(cancellationToken);

    public void Push(IReadOnlyList<FeedEntry> batch) => _pushed.Writer.TryWrite(batch);

    /// <summary>Waits for something and takes all that is there.</summary>
    public async Task<IReadOnlyList<FeedEntry>> TakeAsync(CancellationToken cancellationToken)
    {
        var taken = await _pushed.Reader.ReadAsync(cancellationToken);
        if (!_pushed.Reader.TryRead(out var more))
        {
            return taken;
        }

        var all = new List<FeedEntry>(taken);
        do
        {
            all.AddRange(more);
        }
        while (_pushed.Reader.TryRead(out more));
        return all;
    }

    public void Dispose() => leave(this);
}
