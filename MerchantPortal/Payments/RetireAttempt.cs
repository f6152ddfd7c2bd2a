using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Makes an open attempt unpayable: ask the gateway, close there, and only then here. A payment that is found on the way is
/// booked instead. Never closes on a guess.
/// </summary>
public sealed class RetireAttempt(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, QueryAttempt query, PortalWriter writer, TimeProvider time)
{
    /// <summary>How far the gateway's clock and ours may be apart.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(2);

    /// <summary>From when an attempt that its gateway cannot close is out of the way: nobody can pay it any more, whichever clock is right.</summary>
    public static DateTimeOffset FreeFrom(DateTimeOffset expiresAt) => expiresAt + ClockDifference;

    public async Task<RetireResult> ExecuteAsync(Guid attemptId, Actor actor, CancellationToken cancellationToken)
    {
        var asked = await query.ExecuteAsync(attemptId, actor, cancellationToken);
        if (asked is QueryOutcome.CannotTell unclear)
        {
            return new RetireResult.CannotTell(unclear.Reason);
        }

        if (asked is QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded })
        {
            return new RetireResult.Paid();
        }

        return asked is QueryOutcome.Answered { Said: NotificationKind.PaymentClosed }
            ? new RetireResult.Retired()
            : await CloseAsync(attemptId, actor, cancellationToken);
    }

    private async Task<RetireResult> CloseAsync(Guid attemptId, Actor actor, CancellationToken cancellationToken)
    {
        PaymentAttempt attempt;
        await using (var db = contexts.CreateDbContext())
        {
            attempt = await db.Attempts.AsNoTracking().SingleAsync(row => row.Id == attemptId, cancellationToken);
        }

        var account = await channels.FindAsync(attempt.ChannelAccountId, cancellationToken)
            ?? throw new InvalidOperationException($"Channel account {attempt.ChannelAccountId} has attempts but does not exist.");
        switch (await account.Channel.CloseAsync(attempt.OutTradeNo, cancellationToken))
        {
            case CloseResult.Closed or CloseResult.NotFound:
                return await writer.WriteAsync((db, ct) => MarkClosedAsync(db, attemptId, actor, ct), cancellationToken);
            case CloseResult.AlreadyPaid:
                return await query.ExecuteAsync(attemptId, actor, cancellationToken) is QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded }
                    ? new RetireResult.Paid()
                    : new RetireResult.CannotTell("The gateway says it has been paid, but does not show the payment yet.");
            // Asked a moment ago, the gateway knew of no payment; past its last moment none can come.
            case CloseResult.OnlyExpires when FreeFrom(attempt.ExpiresAt) <= time.GetUtcNow():
                return await writer.WriteAsync((db, ct) => MarkClosedAsync(db, attemptId, actor, ct), cancellationToken);
            case CloseResult.OnlyExpires:
                return new RetireResult.CannotTell("This gateway cannot close a payment that was started; it can be paid until it expires.");
            case CloseResult.Unknown unknown:
                return new RetireResult.CannotTell(unknown.Reason);
            default:
                throw new InvalidOperationException("A close result is closed, not found, already paid, left to expire or unknown.");
        }
    }

    private async Task<RetireResult> MarkClosedAsync(PortalDbContext db, Guid attemptId, Actor actor, CancellationToken cancellationToken)
    {
        var attempt = await db.Attempts.SingleAsync(row => row.Id == attemptId, cancellationToken);
        if (attempt.Status == AttemptStatus.Paid)
        {
            return new RetireResult.Paid();
        }

        if (attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted)
        {
            attempt.Status = AttemptStatus.Closed;
            var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId, cancellationToken);
            await db.RecordAsync(order, TimelineKind.AttemptClosed, actor, time.GetUtcNow(), cancellationToken,
                new Dictionary<string, string> { ["out_trade_no"] = attempt.OutTradeNo });
        }

        return new RetireResult.Retired();
    }
}

public abstract record RetireResult
{
    /// <summary>Closed at the gateway and here, or the gateway had never heard of it.</summary>
    public sealed record Retired : RetireResult;

    /// <summary>It had been paid; the payment is booked.</summary>
    public sealed record Paid : RetireResult;

    /// <summary>The gateway did not say. The attempt stays open.</summary>
    public sealed record CannotTell(string Reason) : RetireResult;
}
