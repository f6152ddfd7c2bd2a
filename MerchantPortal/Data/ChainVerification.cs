using System.Runtime.CompilerServices;

namespace MerchantPortal.Data;

/// <summary>Recomputes every chain of a table in one pass, in flat memory, against the ends that are kept apart.</summary>
internal static class ChainVerification
{
    private const int ReportEvery = 1_000;

    /// <param name="storeId">Null for every store.</param>
    /// <param name="progress">Told the number of records read so far, now and then and at the end.</param>
    /// <returns>One line per break, naming the record.</returns>
    public static async IAsyncEnumerable<string> FindFaultsAsync(
        PortalDbContext db, ChainedTable table, Guid? storeId, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var snapshot = await ReadSnapshot.BeginAsync(db, cancellationToken);
        var heads = await table.HeadsAsync(db, storeId, cancellationToken);
        ChainWalk? walk = null;
        var read = 0L;
        await foreach (var link in table.ReadAsync(db, storeId, cancellationToken))
        {
            if (walk?.IsOf(link) != true)
            {
                if (walk?.End() is { } end)
                {
                    yield return end;
                }

                walk = new ChainWalk(link.Store, link.Chain, heads.Remove((link.Store, link.Chain), out var head) ? head : null);
            }

            if (walk.Next(link) is { } fault)
            {
                yield return fault;
            }

            if (++read % ReportEvery == 0)
            {
                progress?.Report(read);
            }
        }

        progress?.Report(read);
        foreach (var fault in Ends(walk, heads))
        {
            yield return fault;
        }
    }

    /// <summary>The last chain's end, and ends without any record.</summary>
    private static IEnumerable<string> Ends(ChainWalk? last, Dictionary<(string Store, string Chain), ChainEnd> heads) =>
        heads.Select(head => new ChainWalk(head.Key.Store, head.Key.Chain, head.Value)).Prepend(last).Select(walk => walk?.End()).OfType<string>();
}
