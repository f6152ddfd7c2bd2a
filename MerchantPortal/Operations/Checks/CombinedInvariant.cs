using System.Runtime.CompilerServices;
using MerchantPortal.Data;

namespace MerchantPortal.Operations.Checks;

/// <summary>One invariant that takes several looks.</summary>
internal sealed record CombinedInvariant(string Id, string Statement, params IInvariant[] Parts) : IInvariant
{
    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in Parts)
        {
            await foreach (var breach in part.FindBreachesAsync(db, cancellationToken))
            {
                yield return breach;
            }
        }
    }
}
