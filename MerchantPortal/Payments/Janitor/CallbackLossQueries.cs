using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Janitor;

/// <summary>Reads how many callbacks each account has lost lately.</summary>
public sealed class CallbackLossQueries(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>A callback that comes this soon after the answer to a question is not lost, only second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <returns>By channel account; an account without payments in the last hour is left out.</returns>
    public async Task<IReadOnlyDictionary<Guid, CallbackLoss>> LastHourAsync(CancellationToken cancellationToken)
    {
        // Ids are made by time, so the last hour is the end of the primary key.
        var first = OrderId.Floor(time.GetUtcNow() - Window);
        await using var db = contexts.CreateDbContext();
        var found = await db.Payments.Where(payment => payment.Id >= first)
            .Join(db.Attempts, payment => payment.AttemptId, attempt => attempt.Id,
                (payment, attempt) => new { payment.ChannelAccountId, payment.FoundBy, payment.RecordedAt, attempt.CallbackAt })
            .ToListAsync(cancellationToken);
        return found.GroupBy(row => row.ChannelAccountId).ToDictionary(
            group => group.Key,
            group => new CallbackLoss(
                group.Count(), group.Count(row => row.FoundBy == NotificationSource.Query && !(row.CallbackAt <= row.RecordedAt + Soon))));
    }
}
