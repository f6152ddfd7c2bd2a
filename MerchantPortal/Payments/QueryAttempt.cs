using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments;

/// <summary>
/// Asks the gateway about one attempt and takes the signed answer through the same decision as a notification. "Cannot tell"
/// changes nothing.
/// </summary>
public sealed class QueryAttempt(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, PortalWriter writer, TimeProvider time)
{
    public Task<QueryOutcome> ExecuteAsync(Guid attemptId, Actor actor, CancellationToken cancellationToken) =>
        ExecuteAsync(attemptId, new Asker(actor), cancellationToken);

    internal async Task<QueryOutcome> ExecuteAsync(Guid attemptId, Asker by, CancellationToken cancellationToken)
    {
        PaymentAttempt attempt;
        await using (var db = contexts.CreateDbContext())
        {
            attempt = await db.Attempts.AsNoTracking().SingleAsync(row => row.Id == attemptId && row.StoreId == by.Actor.StoreId, cancellationToken);
        }

        var account = await channels.FindAsync(attempt.ChannelAccountId, cancellationToken)
            ?? throw new InvalidOperationException($"Channel account {attempt.ChannelAccountId} has attempts but does not exist.");
        return await account.Channel.QueryAsync(attempt.OutTradeNo, cancellationToken) switch
        {
            QueryResult.Known known => await ApplyAllAsync(account.Account, known.Notification, by, cancellationToken),
            QueryResult.NotFound => await writer.WriteAsync((db, ct) => NoteUnknownAsync(db, attemptId, by, ct), cancellationToken),
            QueryResult.Unknown unknown => new QueryOutcome.CannotTell(unknown.Reason),
            _ => throw new InvalidOperationException("A query result is known, not found or unknown."),
        };
    }

    /// <summary>
    /// What an answer tells, one fact after the other. Asked about a trade that was given back in full, Alipay tells only that; where no callback
    /// has come the payment is on record nowhere, and nothing can be given back of it.
    /// </summary>
    internal static IReadOnlyList<VerifiedNotification> Tellings(VerifiedNotification answer) => answer.Kind == NotificationKind.RefundSucceeded
        ? [answer with { Kind = NotificationKind.PaymentSucceeded, OccurredAt = null, Refund = null }, answer]
        : [answer];

    private async Task<QueryOutcome> ApplyAllAsync(ChannelAccount account, VerifiedNotification answer, Asker by, CancellationToken cancellationToken)
    {
        QueryOutcome? outcome = null;
        foreach (var message in Tellings(answer))
        {
            outcome = await writer.WriteAsync((db, ct) => ApplyAsync(db, account, message, by, ct), cancellationToken);
        }

        return outcome ?? throw new InvalidOperationException("An answer tells something.");
    }

    private async Task<QueryOutcome> ApplyAsync(
        PortalDbContext db, ChannelAccount account, VerifiedNotification message, Asker by, CancellationToken cancellationToken)
    {
        await by.RequireAsync(db, cancellationToken);
        var now = time.GetUtcNow();
        var rows = await PaymentRows.FindAsync(db, account, message, cancellationToken);
        var decision = PaymentStateMachine.Decide(rows?.Snapshot(account), message);
        if (rows is not null)
        {
            await rows.ApplyAsync(db, decision, message, by.Actor, now, cancellationToken);
            rows.Attempt.HearQuery(message.Kind, now);
            await rows.HearWitnessesAsync(db, by.Actor, now, cancellationToken);
        }

        return new QueryOutcome.Answered(message.Kind, decision.Outcome, decision.Reason);
    }

    private async Task<QueryOutcome> NoteUnknownAsync(PortalDbContext db, Guid attemptId, Asker by, CancellationToken cancellationToken)
    {
        await by.RequireAsync(db, cancellationToken);
        var attempt = await db.Attempts.SingleAsync(row => row.Id == attemptId, cancellationToken);
        attempt.LastQueriedAt = time.GetUtcNow();
        return new QueryOutcome.NotAtGateway();
    }
}

/// <summary>What asking the gateway has brought.</summary>
public abstract record QueryOutcome
{
    /// <param name="Said">What the gateway says of the number.</param>
    /// <param name="Outcome">What became of it here.</param>
    public sealed record Answered(NotificationKind Said, CallbackStatus Outcome, string Reason) : QueryOutcome;

    /// <summary>The gateway does not know the number (yet).</summary>
    public sealed record NotAtGateway : QueryOutcome;

    public sealed record CannotTell(string Reason) : QueryOutcome;
}
