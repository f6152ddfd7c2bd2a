using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Api;

/// <summary>Forgets the answers to create calls that nobody repeats any more.</summary>
public sealed class PruneIdempotencyRecords(PortalWriter writer, TimeProvider time)
{
    /// <summary>A key is good for a day; the second one is for clocks and for patience.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    private const int PerCommit = 1_000;

    /// <returns>Records deleted.</returns>
    public async Task<long> ExecuteAsync(CancellationToken cancellationToken)
    {
        var cutoff = time.GetUtcNow() - Kept;
        var deleted = 0L;
        while (await DeletePartAsync(cutoff, cancellationToken) is > 0 and var part)
        {
            deleted += part;
        }

        return deleted;
    }

    private Task<int> DeletePartAsync(DateTimeOffset cutoff, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var last = await db.IdempotencyRecords.Where(row => row.CreatedAt < cutoff).OrderBy(row => row.CreatedAt)
                .Select(row => (DateTimeOffset?)row.CreatedAt).Skip(PerCommit - 1).FirstOrDefaultAsync(ct) ?? cutoff.AddMilliseconds(-1);
            return await db.IdempotencyRecords.Where(row => row.CreatedAt <= last).ExecuteDeleteAsync(ct);
        },
        cancellationToken);
}
