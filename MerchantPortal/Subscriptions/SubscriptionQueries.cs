using MerchantPortal.Data;
using MerchantPortal.Shell;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Subscriptions;

/// <summary>Reads of subscriptions and their charges, newest first.</summary>
public sealed class SubscriptionQueries(IDbContextFactory<PortalDbContext> contexts, PortalUrls urls)
{
    /// <summary>Newest charges told with a subscription.</summary>
    public const int ChargesTold = 24;

    /// <summary>The one channel that has subscriptions, and the end of the address that its messages of them go to.</summary>
    private const string Channel = "beecloud";
    private const string AddressEnd = "/subscription";

    /// <param name="before">Only rows older than this id; null starts at the newest.</param>
    public async Task<SubscriptionPage> PageAsync(Guid storeId, Guid? before, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await db.Subscriptions.AsNoTracking().Where(row => row.StoreId == storeId && (before == null || row.Id < before))
            .OrderByDescending(row => row.Id).Take(size + 1)
            .Select(row => new SubscriptionView(
                row,
                db.SubscriptionCharges.Count(charge => charge.SubscriptionId == row.Id && charge.Status == SubscriptionChargeStatus.Succeeded),
                db.SubscriptionCharges.Where(charge => charge.SubscriptionId == row.Id && charge.Status == SubscriptionChargeStatus.Succeeded).Sum(charge => charge.Amount ?? 0),
                db.SubscriptionCharges.Where(charge => charge.SubscriptionId == row.Id).OrderByDescending(charge => charge.Id).Take(ChargesTold).ToList()))
            .ToListAsync(cancellationToken);
        return new SubscriptionPage([.. rows.Take(size)], rows.Count > size ? rows[size - 1].Row.Id : null);
    }

    /// <summary>All charges of a store, also failed ones that do not say whose they are.</summary>
    /// <param name="before">Only rows older than this id; null starts at the newest.</param>
    public async Task<ChargePage> ChargesAsync(Guid storeId, Guid? before, int size, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var rows = await db.SubscriptionCharges.AsNoTracking().Where(row => row.StoreId == storeId && (before == null || row.Id < before))
            .OrderByDescending(row => row.Id).Take(size + 1)
            .Select(row => new ChargeView(row, db.Subscriptions.Where(owner => owner.Id == row.SubscriptionId).Select(owner => owner.ChannelSubscriptionId).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        return new ChargePage([.. rows.Take(size)], rows.Count > size ? rows[size - 1].Row.Id : null);
    }

    /// <summary>Where BeeCloud must send its subscription webhooks, one address per account in use; none where the store has no such account.</summary>
    public async Task<IReadOnlyList<SubscriptionAddress>> AddressesAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var accounts = await db.ChannelAccounts.Where(row => row.StoreId == storeId && row.Channel == Channel && row.DisabledAt == null)
            .OrderBy(row => row.Id).Select(row => new { row.Id, row.Name }).ToListAsync(cancellationToken);
        return [.. accounts.Select(account => new SubscriptionAddress(account.Name, urls.Notify(Channel, account.Id).AbsoluteUri + AddressEnd))];
    }

    /// <summary>Whether the console speaks of subscriptions at all: only where the store has, or had, an account that can have them.</summary>
    public async Task<bool> AreOfferedAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.ChannelAccounts.AnyAsync(row => row.StoreId == storeId && row.Channel == Channel, cancellationToken);
    }
}

/// <param name="Older">Cursor of the next page; null on the last.</param>
public sealed record SubscriptionPage(IReadOnlyList<SubscriptionView> Rows, Guid? Older);

/// <param name="Charges">How many have brought money.</param>
/// <param name="Collected">分.</param>
/// <param name="Newest">At most <see cref="SubscriptionQueries.ChargesTold"/>, newest first.</param>
public sealed record SubscriptionView(Subscription Row, int Charges, long Collected, IReadOnlyList<SubscriptionCharge> Newest);

/// <param name="Older">Cursor of the next page; null on the last.</param>
public sealed record ChargePage(IReadOnlyList<ChargeView> Rows, Guid? Older);

/// <param name="SubscriptionId">The gateway's number; null where the charge does not say whose it is.</param>
public sealed record ChargeView(SubscriptionCharge Row, string? SubscriptionId);

public sealed record SubscriptionAddress(string AccountName, string Url);
