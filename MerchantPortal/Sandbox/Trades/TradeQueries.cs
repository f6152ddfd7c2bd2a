using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Reads for the wallet, the panel and the control API.</summary>
public sealed class TradeQueries(SandboxWriter writer)
{
    /// <returns>Null when no trade has the code.</returns>
    public async Task<SandboxTrade?> FindAsync(string code, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await Whole(db).OrderBy(trade => trade.Id).SingleOrDefaultAsync(trade => trade.Code == code, cancellationToken);
    }

    /// <returns>The code of the newest trade with this number; null when there is none.</returns>
    public async Task<string?> FindCodeAsync(string outTradeNo, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Trades.Where(trade => trade.OutTradeNo == outTradeNo).OrderByDescending(trade => trade.Id)
            .Select(trade => trade.Code).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The newest first.</summary>
    public async Task<List<SandboxTrade>> RecentAsync(int count, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await Whole(db).OrderByDescending(trade => trade.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>The newest first.</summary>
    public async Task<List<SandboxMerchant>> MerchantsAsync(int count, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.AsNoTracking().OrderByDescending(merchant => merchant.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>Whether a merchant's app is registered here.</summary>
    public async Task<bool> KnowsAsync(string channel, string appId, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.AnyAsync(merchant => merchant.Channel == channel && merchant.AppId == appId, cancellationToken);
    }

    /// <summary>The merchant of an official account or app at WeChat, whichever version of WeChat Pay it uses.</summary>
    /// <returns>Null when none is registered here.</returns>
    public async Task<SandboxMerchant?> FindWeChatAppAsync(string appId, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.AsNoTracking()
            .Where(merchant => merchant.AppId == appId && (merchant.Channel == SandboxChannels.WeChat || merchant.Channel == SandboxChannels.WeChatV2))
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<SandboxTrade> Whole(SandboxDbContext db) => db.Trades.AsNoTracking().AsSplitQuery()
        .Include(trade => trade.Merchant).Include(trade => trade.Payments).Include(trade => trade.Refunds).Include(trade => trade.DeliveryReports)
        .Include(trade => trade.Deliveries).ThenInclude(delivery => delivery.Attempts);
}
