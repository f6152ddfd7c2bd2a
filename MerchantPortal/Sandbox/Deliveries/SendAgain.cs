using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>Sends how a trade stands once more, at once and without any fault.</summary>
public sealed class SendAgain(SandboxWriter writer, NotificationPump pump, TimeProvider time)
{
    /// <returns>False when there is no such trade, or nothing to tell of it.</returns>
    public async Task<bool> ExecuteAsync(string code, CancellationToken cancellationToken)
    {
        var planned = await writer.WriteAsync(
            async (db, ct) =>
            {
                var trade = await db.Trades.Include(row => row.Merchant).Include(row => row.Payments).Include(row => row.Refunds).AsSplitQuery().OrderBy(row => row.Id)
                    .SingleOrDefaultAsync(row => row.Code == code, ct);
                var deliveries = trade is null ? [] : NotificationPlan.Current(trade, time.GetUtcNow()).ToList();
                db.Deliveries.AddRange(deliveries);
                return deliveries.Count > 0;
            },
            cancellationToken);
        pump.Wake();
        return planned;
    }
}
