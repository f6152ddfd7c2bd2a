using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Api;

/// <summary>Notes when a key was last used, at most once a minute: reading must not become writing.</summary>
internal sealed class TouchApiKey(PortalWriter writer, TimeProvider time)
{
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    public async Task ExecuteAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = now - Precision;
        if (key.LastUsedAt > before)
        {
            return;
        }

        try
        {
            await writer.WriteAsync(
                (db, ct) => db.ApiKeys.Where(row => row.Id == key.Id && (row.LastUsedAt == null || row.LastUsedAt <= before))
                    .ExecuteUpdateAsync(row => row.SetProperty(used => used.LastUsedAt, now), ct),
                cancellationToken);
        }
        catch (DatabaseBusyException)
        {
            // A note for people; the call itself must not fail for it.
        }
    }
}
