using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A message that proves nothing any more may still be a reason to ask.</summary>
internal static class AskSoon
{
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Lets the gateway be asked about an unpaid attempt now, unless it has just been: however often an old message is sent, that is one question.
    /// </summary>
    public static async Task AskSoonAsync(this PortalDbContext db, Guid accountId, string outTradeNo, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attempt = await db.Attempts.SingleOrDefaultAsync(row => row.ChannelAccountId == accountId && row.OutTradeNo == outTradeNo
            && row.Status != AttemptStatus.Paid && row.Status != AttemptStatus.Failed, cancellationToken);
        var isJustAsked = attempt?.LastQueriedAt > now - JustNow && attempt.LastQueriedAt <= now;
        if (attempt is not null && !isJustAsked && (attempt.QueryAt is null || attempt.QueryAt > now))
        {
            attempt.QueryAt = now;
        }
    }
}
