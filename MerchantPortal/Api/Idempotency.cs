using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Api;

/// <summary>
/// Remembers the first answer to an <c>Idempotency-Key</c>. The key is taken by its own commit before the call runs, so that of
/// many equal calls at once exactly one does the work.
/// </summary>
internal sealed class Idempotency(PortalWriter writer, TimeProvider time)
{
    /// <summary>No call runs that long: what still has no answer then belongs to a process that ended.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    public static byte[] HashOf(HttpRequest request, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    public Task<Reservation> ReserveAsync(Guid storeId, string key, byte[] requestHash, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var now = time.GetUtcNow();
            if (await db.IdempotencyRecords.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Key == key, ct) is not { } known)
            {
                // The primary key decides between two that both saw nothing; the other one comes round again.
                db.IdempotencyRecords.Add(new IdempotencyRecord { StoreId = storeId, Key = key, RequestHash = requestHash, CreatedAt = now });
                return new Reservation.Ours();
            }

            return known switch
            {
                _ when !CryptographicOperations.FixedTimeEquals(known.RequestHash, requestHash) => new Reservation.OtherRequest(),
                { StatusCode: { } status } => new Reservation.Answered(new ApiAnswer(status, known.Body ?? "")),
                _ => known.CreatedAt <= now - Abandoned && await TakeOverAsync(db, known, now, ct) ? new Reservation.Ours() : (Reservation)new Reservation.Running(),
            };
        },
        cancellationToken);

    public Task StoreAsync(Guid storeId, string key, ApiAnswer answer, CancellationToken cancellationToken) => writer.WriteAsync(
        (db, ct) => db.IdempotencyRecords.Where(row => row.StoreId == storeId && row.Key == key).ExecuteUpdateAsync(
            row => row.SetProperty(kept => kept.StatusCode, answer.StatusCode).SetProperty(kept => kept.Body, answer.Body), ct),
        cancellationToken);

    /// <summary>The call failed on our side: the same key may try again.</summary>
    public Task ReleaseAsync(Guid storeId, string key, CancellationToken cancellationToken) => writer.WriteAsync(
        (db, ct) => db.IdempotencyRecords.Where(row => row.StoreId == storeId && row.Key == key && row.StatusCode == null).ExecuteDeleteAsync(ct),
        cancellationToken);

    private static async Task<bool> TakeOverAsync(PortalDbContext db, IdempotencyRecord known, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.IdempotencyRecords
            .Where(row => row.StoreId == known.StoreId && row.Key == known.Key && row.StatusCode == null && row.CreatedAt == known.CreatedAt)
            .ExecuteUpdateAsync(row => row.SetProperty(taken => taken.CreatedAt, now), cancellationToken) == 1;
}

internal abstract record Reservation
{
    /// <summary>The caller runs the call and stores its answer.</summary>
    public sealed record Ours : Reservation;

    public sealed record Answered(ApiAnswer Answer) : Reservation;

    public sealed record Running : Reservation;

    public sealed record OtherRequest : Reservation;
}
