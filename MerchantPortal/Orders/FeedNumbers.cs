using MerchantPortal.Data;

namespace MerchantPortal.Orders;

/// <summary>The next numbers in the feeds of some stores.</summary>
/// <param name="storeIds">Once for each number.</param>
internal sealed class FeedNumbers(IEnumerable<Guid> storeIds)
{
    private readonly Dictionary<Guid, long> _next = [];

    /// <summary>In one order for everyone, so that two transactions never wait for each other.</summary>
    public StatementBatch Take(StatementBatch batch)
    {
        foreach (var (storeId, count) in storeIds.CountBy(id => id).OrderBy(store => store.Key))
        {
            OrderJournal.TakeFeedNumbers(batch, storeId, count, first => _next[storeId] = first);
        }

        return batch;
    }

    /// <summary>After they have been taken.</summary>
    public long Next(Guid storeId) => _next[storeId]++;
}
