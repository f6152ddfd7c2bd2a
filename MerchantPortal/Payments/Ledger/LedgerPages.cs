using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Ledger;

/// <summary>The days of stores' books that some movements go into: first locked, then written on.</summary>
internal sealed class LedgerPages(IEnumerable<Posting> postings)
{
    /// <summary>In one order for everyone, so that two transactions never wait for each other.</summary>
    private readonly Page[] _pages =
    [
        .. postings.GroupBy(posting => (posting.StoreId, Day: BeijingTime.Day(posting.At))).OrderBy(ofDay => ofDay.Key)
            .Select(ofDay => new Page(ofDay.Key.StoreId, ofDay.Key.Day, [.. ofDay.OrderBy(posting => posting.At)])),
    ];

    /// <summary>Locks the chains of these days until the caller's transaction ends.</summary>
    public StatementBatch Lock(StatementBatch batch)
    {
        foreach (var page in _pages)
        {
            HashChain.Lock(batch, page.StoreId, page.Chain, end => page.End = end);
        }

        return batch;
    }

    /// <summary>Moves the ends of the locked chains behind the movements.</summary>
    /// <returns>The rows of all movements, which the caller has to insert in the same transaction.</returns>
    public List<LedgerEntry> Write(StatementBatch batch)
    {
        var entries = new List<LedgerEntry>();
        foreach (var page in _pages)
        {
            var end = page.End ?? throw new InvalidOperationException("The page is not locked.");
            foreach (var posting in page.Postings)
            {
                (var both, end) = posting.Write(page.Day, end);
                entries.AddRange(both);
            }

            HashChain.Advance(batch, page.StoreId, page.Chain, end);
        }

        return entries;
    }

    private sealed record Page(Guid StoreId, DateOnly Day, Posting[] Postings)
    {
        public string Chain { get; } = LedgerEntry.Chain(Day);

        /// <summary>Null until it is locked.</summary>
        public ChainEnd? End { get; set; }
    }
}
