using System.Text;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Keeps shared tokens in the database, sealed. Whoever finds none takes a lease by compare-and-set, fetches outside any transaction and
/// stores what came; the others wait for it, in this process and in every other one. Whether a token or a lease has run out the database's clock says.
/// </summary>
public sealed class SharedTokens(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, SecretBox secrets, TimeProvider time)
{
    /// <summary>Longer than any call to a gateway may take.</summary>
    internal static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary>What the channels of one store see.</summary>
    public ISharedTokens Of(Guid storeId) => new OfStore(this, storeId);

    private async Task<SharedToken> GetAsync(Guid storeId, SharedTokenSource source, string? refused, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Patience;
        var standing = await LookAsync(storeId, source, refused, cancellationToken);
        while (standing is Standing.Free or Standing.Busy)
        {
            if (standing is Standing.Busy)
            {
                if (time.GetUtcNow() >= until)
                {
                    return new SharedToken.Unknown("Somebody else has been fetching the access token for too long.");
                }

                await Task.Delay(Pause, time, cancellationToken);
            }

            standing = standing is Standing.Free
                ? await writer.WriteAsync((db, ct) => ClaimAsync(db, storeId, source, refused, ct), cancellationToken)
                : await LookAsync(storeId, source, refused, cancellationToken);
        }

        return standing switch
        {
            Standing.Ready ready => new SharedToken.Given(ready.Token, ready.Lifetime),
            Standing.UsedUp => new SharedToken.Unknown(
                $"{source.DailyLimit} access tokens have been fetched today, as many as the portal allows itself: another system keeps replacing them."),
            Standing.Mine mine => await FetchAsync(storeId, source, mine),
            _ => throw new InvalidOperationException($"A token that is {standing} is neither had nor fetched."),
        };
    }

    private async Task<Standing> LookAsync(Guid storeId, SharedTokenSource source, string? refused, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.SharedTokens.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Name == source.Name, cancellationToken) is { } row
            ? StandingOf(row, refused, await db.NowAsync(time, cancellationToken))
            : new Standing.Free(null);
    }

    /// <summary>Takes the lease, if it is still there to be taken. Counted before the gateway is asked: an answer that gets lost has cost one too.</summary>
    private async Task<Standing> ClaimAsync(
        PortalDbContext db, Guid storeId, SharedTokenSource source, string? refused, CancellationToken cancellationToken)
    {
        var row = await db.SharedTokens.SingleOrDefaultAsync(known => known.StoreId == storeId && known.Name == source.Name, cancellationToken)
            ?? db.SharedTokens.Add(new SharedTokenRow { StoreId = storeId, Name = source.Name }).Entity;
        var now = await db.NowAsync(time, cancellationToken);
        var standing = StandingOf(row, refused, now);
        if (standing is not Standing.Free free)
        {
            return standing;
        }

        var today = DateOnly.FromDateTime(now.ToOffset(Beijing).DateTime);
        (row.Day, row.Fetches) = (today, row.Day == today ? row.Fetches : 0);
        if (row.Fetches >= source.DailyLimit)
        {
            return free.Still is { } good ? good : new Standing.UsedUp();
        }

        row.Fetches++;
        row.Lease = Guid.NewGuid();
        row.LeaseEndsAt = now + LeaseTime;
        row.SealedToken = free.Still is null ? null : row.SealedToken;
        return new Standing.Mine(row.Lease.Value, free.Still);
    }

    /// <summary>Once the gateway is asked its answer is taken, whether the caller still waits or not: it may have killed the old token.</summary>
    private async Task<SharedToken> FetchAsync(Guid storeId, SharedTokenSource source, Standing.Mine mine)
    {
        SharedToken answer = new SharedToken.Unknown("The access token could not be fetched.");
        try
        {
            answer = await source.FetchAsync(CancellationToken.None);
        }
        finally
        {
            await writer.WriteAsync((db, ct) => KeepAsync(db, storeId, source, mine.Lease, answer, ct), CancellationToken.None);
        }

        return answer is not SharedToken.Given && mine.Still is { } still ? new SharedToken.Given(still.Token, still.Lifetime) : answer;
    }

    private async Task<bool> KeepAsync(
        PortalDbContext db, Guid storeId, SharedTokenSource source, Guid lease, SharedToken answer, CancellationToken cancellationToken)
    {
        var row = await db.SharedTokens.SingleAsync(known => known.StoreId == storeId && known.Name == source.Name, cancellationToken);
        if (row.Lease != lease)
        {
            // Too slow: somebody else holds the lease now and will write what is newer.
            return false;
        }

        (row.Lease, row.LeaseEndsAt) = (null, null);
        if (answer is SharedToken.Given given)
        {
            var now = await db.NowAsync(time, cancellationToken);
            row.SealedToken = secrets.Seal(storeId, Purpose(row), Encoding.UTF8.GetBytes(given.Token));
            row.ExpiresAt = now + given.Lifetime;
            row.RefreshAt = row.ExpiresAt - (given.Lifetime / 4 < Early ? given.Lifetime / 4 : Early);
        }

        return true;
    }

    private Standing StandingOf(SharedTokenRow row, string? refused, DateTimeOffset now)
    {
        var ready = row.ExpiresAt > now && Open(row) is { } token && token != refused
            ? new Standing.Ready(token, row.ExpiresAt.Value - now)
            : null;
        return ready is not null && (row.RefreshAt > now || row.LeaseEndsAt > now) ? ready
            : row.LeaseEndsAt > now ? new Standing.Busy()
            : new Standing.Free(ready);
    }

    /// <returns>Null when there is none; one sealed under another master key counts as none.</returns>
    private string? Open(SharedTokenRow row)
    {
        try
        {
            return row.SealedToken is { } sealedToken ? Encoding.UTF8.GetString(secrets.Open(row.StoreId, Purpose(row), sealedToken)) : null;
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }

    internal static string Purpose(SharedTokenRow row) => $"shared-token:{row.Id:N}";

    private abstract record Standing
    {
        internal sealed record Ready(string Token, TimeSpan Lifetime) : Standing;

        /// <summary>Somebody is fetching, and there is none that would do meanwhile.</summary>
        internal sealed record Busy : Standing;

        /// <param name="Still">One that is about to expire but would do; null when there is none.</param>
        internal sealed record Free(Ready? Still) : Standing;

        internal sealed record Mine(Guid Lease, Ready? Still) : Standing;

        internal sealed record UsedUp : Standing;
    }

    private sealed class OfStore(SharedTokens tokens, Guid storeId) : ISharedTokens
    {
        public Task<SharedToken> GetAsync(SharedTokenSource source, string? refused, CancellationToken cancellationToken) =>
            tokens.GetAsync(storeId, source, refused, cancellationToken);
    }
}
