using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>Apps that a subscription can be registered for, newest first.</summary>
internal sealed class SubscriptionApps(SandboxWriter writer)
{
    private const int Shown = 20;

    public async Task<IReadOnlyList<SubscriptionApp>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Merchants.Where(row => row.Channel == SandboxChannels.BeeCloud).OrderByDescending(row => row.Id).Take(Shown)
            .Select(row => new SubscriptionApp(
                row.AppId, db.Trades.Where(trade => trade.MerchantId == row.Id).OrderByDescending(trade => trade.Id).Select(trade => trade.NotifyUrl).FirstOrDefault()))
            .ToListAsync(cancellationToken);
    }
}

/// <param name="Webhook">Where its newest trade reports to; null while it has none.</param>
public sealed record SubscriptionApp(string AppId, string? Webhook);
