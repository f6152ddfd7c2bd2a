using System.Runtime.CompilerServices;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Checks;

/// <summary>Each day on which a payment was recorded has its books: a day that is gone with its chain's end leaves no broken chain.</summary>
internal sealed class LedgerDays : IInvariant
{
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>China keeps one time all year.</summary>
    private const long BeijingAhead = 8 * 3_600_000;

    public string Id => "I4";

    public string Statement => "each day with payments has its books";

    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var snapshot = await ReadSnapshot.BeginAsync(db, cancellationToken);
        var kept = await db.ChainHeads.Select(head => new { head.StoreId, head.Chain }).ToListAsync(cancellationToken);
        var chains = kept.Select(head => (head.StoreId.ToString("N"), head.Chain)).ToHashSet();
        var days = await db.Database.SqlQueryRaw<PaymentDay>(
            IdText.In(db, $"""SELECT ID_TEXT("StoreId") AS "Store", MIN("RecordedAt") AS "First", COUNT(*) AS "Payments" FROM "Payments" GROUP BY "StoreId", ("RecordedAt" + {BeijingAhead}) / {MillisecondsPerDay}"""))
            .ToListAsync(cancellationToken);
        foreach (var day in days)
        {
            var chain = LedgerEntry.Chain(BeijingTime.Day(DateTimeOffset.FromUnixTimeMilliseconds(day.First)));
            if (!chains.Contains((day.Store, chain)))
            {
                yield return $"{chain.Replace(':', ' ')}: the day is missing, {day.Payments} payments were recorded on it (store {day.Store})";
            }
        }
    }

    private sealed record PaymentDay(string Store, long First, long Payments);
}
