namespace MerchantPortal.Data;

/// <summary>
/// Recomputes one chain from its start and tells where it is broken. One damaged record is one fault: the walk goes on from what is
/// stored, or from what should be, whichever the next record continues.
/// </summary>
/// <param name="store">The store's id without hyphens, or what stands in its place.</param>
/// <param name="head">The chain's end as it is kept apart; null when it is missing.</param>
internal sealed class ChainWalk(string store, string chain, ChainEnd? head)
{
    private byte[] _stored = Guid.TryParseExact(store, "N", out var id) ? HashChain.Start(id, chain) : [];
    private byte[] _computed = [];
    private long _number;

    /// <summary>Records read so far whose chain is kept; 0 before the first.</summary>
    public long Number => _number;

    public bool IsOf(ChainLink link) => link.Store == store && link.Chain == chain;

    /// <returns>What is wrong with the record; null when it continues the chain.</returns>
    public string? Next(ChainLink link)
    {
        var expected = HashChain.Next(_stored, link.Content);
        var continues = expected.AsSpan().SequenceEqual(link.Hash);
        if (!continues && _computed.Length > 0)
        {
            var other = HashChain.Next(_computed, link.Content);
            (expected, continues) = other.AsSpan().SequenceEqual(link.Hash) ? (other, true) : (expected, false);
        }

        var missing = link.Number - _number - 1;
        (_stored, _computed, _number) = (link.Hash, continues ? [] : expected, link.Number);
        return missing != 0 ? $"{Name(link.Number)}: {Gap(link.Number, missing)}"
            : continues ? null
            : $"{Name(link.Number)}: it, or its hash, was changed after it was written";
    }

    /// <returns>What is wrong with the end; null when the newest record is the one that the kept end names.</returns>
    public string? End() => head is null ? $"{Name(_number)}: the chain's end is not kept"
        : head.Number > _number ? $"{Name(_number + 1)}: the newest {head.Number - _number} of {head.Number} entries are missing"
        : head.Number < _number ? $"{Name(head.Number + 1)}: written past the chain's end"
        : _number > 0 && !head.Hash.AsSpan().SequenceEqual(_stored) && !head.Hash.AsSpan().SequenceEqual(_computed) ? $"{Name(_number)}: the chain does not end as its kept end says"
        : null;

    private static string Gap(long number, long missing) =>
        missing > 0 ? $"before it {missing} entries are missing" : $"its number does not follow the one before it ({number + missing})";

    private string Name(long number) => $"{chain.Replace(':', ' ')} no. {number} (store {store})";
}
