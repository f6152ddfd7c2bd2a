using System.Runtime.CompilerServices;
using MerchantPortal.Data;

namespace MerchantPortal.Operations.Checks;

/// <summary>No record of a chained table was changed, removed or slipped in, and nobody can do it without being refused.</summary>
internal sealed record UnchangedRecords(string Id, ChainedTable Table) : IInvariant
{
    public string Statement => $"the records of {Table.Name} are as they were written";

    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var trigger in await AppendOnlyTables.FindUnprotectedAsync(db, Table.Name, cancellationToken))
        {
            yield return $"table {Table.Name} can be changed, this is not in force: {trigger}";
        }

        await foreach (var fault in ChainVerification.FindFaultsAsync(db, Table, storeId: null, progress: null, cancellationToken))
        {
            yield return fault;
        }
    }
}
