using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Makes an open attempt unpayable: ask the gateway, close there, let it confirm, and only then here. A payment that is found on the way
/// is booked instead. Never closes on a guess. The one number that is closed here alone is one that the gateway has never heard of:
/// after its last moment, or earlier where a person or a buyer wants it out of the way; then it goes on being asked about until that moment.
/// </summary>
public sealed class RetireAttempt(
    IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, QueryAttempt query, PortalWriter writer, ClockJumps jumps, TimeProvider time)
{
    /// <summary>How far the gateway's clock and ours may be apart.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(2);

    /// <summary>From when an attempt that its gateway cannot close is out of the way: nobody can pay it any more, whichever clock is right.</summary>
    public static DateTimeOffset FreeFrom(DateTimeOffset expiresAt) => expiresAt + ClockDifference;

    public Task<RetireResult> ExecuteAsync(Guid attemptId, Actor actor, CancellationToken cancellationToken) =>
        ExecuteAsync(attemptId, new Asker(actor), cancellationToken);

    internal async Task<RetireResult> ExecuteAsync(Guid attemptId, Asker by, CancellationToken cancellationToken) =>
        Ended(await query.ExecuteAsync(attemptId, by, cancellationToken)) ?? await CloseAsync(attemptId, by, cancellationToken);

    /// <returns>Null while the gateway would still take a payment.</returns>
    private static RetireResult? Ended(QueryOutcome asked) => asked switch
    {
        QueryOutcome.CannotTell unclear => new RetireResult.CannotTell(unclear.Reason),
        QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded or NotificationKind.RefundSucceeded } => new RetireResult.Paid(),
        QueryOutcome.Answered { Said: NotificationKind.PaymentClosed } => new RetireResult.Retired(),
        _ => null,
    };

    private async Task<RetireResult> CloseAsync(Guid attemptId, Asker by, CancellationToken cancellationToken)
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
            case CloseResult.Closed:
                return await ConfirmAsync(attemptId, by, cancellationToken);
            case CloseResult.NotFound when by.Lease is not null && !IsOver(attempt):
                return new RetireResult.CannotTell("The gateway does not know the number, and until its last moment somebody may bring it there.");
            case CloseResult.NotFound:
                return await writer.WriteAsync((db, ct) => MarkClosedAsync(db, attemptId, by, ct), cancellationToken);
            case CloseResult.AlreadyPaid:
                return await query.ExecuteAsync(attemptId, by, cancellationToken) is QueryOutcome.Answered { Said: NotificationKind.PaymentSucceeded }
                    ? new RetireResult.Paid()
                    : new RetireResult.CannotTell("The gateway says it has been paid, but does not show the payment yet.");
            // Asked a moment ago, the gateway knew of no payment; past its last moment none can come.
            case CloseResult.OnlyExpires when IsOver(attempt):
                return await writer.WriteAsync((db, ct) => MarkClosedAsync(db, attemptId, by, ct), cancellationToken);
            case CloseResult.OnlyExpires:
                return new RetireResult.CannotTell("This gateway cannot close a payment that was started; it can be paid until it expires.");
            case CloseResult.Unknown unknown:
                return new RetireResult.CannotTell(unknown.Reason);
            default:
                throw new InvalidOperationException("A close result is closed, not found, already paid, left to expire or unknown.");
        }
    }

    private bool IsOver(PaymentAttempt attempt) => FreeFrom(jumps.EndOf(attempt.ExpiresAt, attempt.CreatedAt)) <= time.GetUtcNow();

    /// <summary>The gateway has closed it; that nobody was quicker, only its own word tells.</summary>
    private async Task<RetireResult> ConfirmAsync(Guid attemptId, Asker by, CancellationToken cancellationToken)
    {
        var asked = await query.ExecuteAsync(attemptId, by, cancellationToken);
        return asked is QueryOutcome.NotAtGateway
            ? await writer.WriteAsync((db, ct) => MarkClosedAsync(db, attemptId, by, ct), cancellationToken)
            : Ended(asked) ?? new RetireResult.CannotTell("The gateway has closed it, but does not show that yet.");
    }

    private async Task<RetireResult> MarkClosedAsync(PortalDbContext db, Guid attemptId, Asker by, CancellationToken cancellationToken)
    {
        await by.RequireAsync(db, cancellationToken);
        var attempt = await db.Attempts.SingleAsync(row => row.Id == attemptId, cancellationToken);
        if (attempt.Status == AttemptStatus.Paid)
        {
            return new RetireResult.Paid();
        }

        if (attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted)
        {
            var now = time.GetUtcNow();
            attempt.End(AttemptStatus.Closed, now);
            var order = await db.Orders.SingleAsync(row => row.Id == attempt.OrderId, cancellationToken);
            await db.RecordAsync(order, TimelineKind.AttemptClosed, by.Actor, now, cancellationToken,
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
