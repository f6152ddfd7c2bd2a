using System.Collections.Concurrent;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>
/// People's security stamps for the pages that are open. Every page asks every few seconds; however many a person has open, the database is
/// asked once a second.
/// </summary>
public sealed class SecurityStamps(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, Lazy<Task<string?>> Stamp)> _read = new();

    /// <returns>At most a second old; null when there is no such person.</returns>
    public Task<string?> OfAsync(Guid personId)
    {
        var now = time.GetUtcNow();
        return _read.AddOrUpdate(personId, id => (now, Ask(id)), (id, known) => now - known.At < Fresh ? known : (now, Ask(id))).Stamp.Value;
    }

    /// <summary>Lazy: of several that ask at the same moment one reads.</summary>
    private Lazy<Task<string?>> Ask(Guid personId) => new(() => ReadAsync(personId));

    private async Task<string?> ReadAsync(Guid personId)
    {
        await using var db = contexts.CreateDbContext();
        return await db.Users.Where(user => user.Id == personId).Select(user => user.SecurityStamp).SingleOrDefaultAsync();
    }
}
