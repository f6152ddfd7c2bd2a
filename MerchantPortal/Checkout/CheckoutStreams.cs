namespace MerchantPortal.Checkout;

/// <summary>Counts the open event streams: a few per order, so that no one link can use up what all buyers share.</summary>
public sealed class CheckoutStreams
{
    internal const int MaxPerOrder = 5;
    internal const int MaxInAll = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _perOrder = [];
    private int _all;

    /// <returns>Null when there is no place left; the page then polls.</returns>
    public IDisposable? TryEnter(Guid orderId)
    {
        lock (_lock)
        {
            var mine = _perOrder.GetValueOrDefault(orderId);
            if (mine >= MaxPerOrder || _all >= MaxInAll)
            {
                return null;
            }

            _perOrder[orderId] = mine + 1;
            _all++;
            return new Place(this, orderId);
        }
    }

    private void Leave(Guid orderId)
    {
        lock (_lock)
        {
            _all--;
            if (--_perOrder[orderId] == 0)
            {
                _perOrder.Remove(orderId);
            }
        }
    }

    private sealed class Place(CheckoutStreams streams, Guid orderId) : IDisposable
    {
        private CheckoutStreams? _streams = streams;

        public void Dispose() => Interlocked.Exchange(ref _streams, null)?.Leave(orderId);
    }
}
