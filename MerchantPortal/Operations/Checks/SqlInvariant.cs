using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Checks;

/// <summary>
/// An invariant as one SELECT of its breaches, in the SQL that both databases speak. One statement sees one state, so that a portal
/// that is running meanwhile cannot make a half-seen change look like a breach.
/// </summary>
/// <param name="BreachSql">Answers one text column named <c>Value</c> per breach. May use <see cref="IdText"/>'s word.</param>
public sealed record SqlInvariant(string Id, string Statement, string BreachSql) : IInvariant
{
    public IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<string>(IdText.In(db, BreachSql)).AsAsyncEnumerable();
}
