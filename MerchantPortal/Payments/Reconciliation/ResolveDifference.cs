using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Payments.Refunds;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// A person ends a difference. Booking asks the gateway about our number and lets its signed answer go through the same decision as a
/// notification: the bill alone never moves money.
/// </summary>
public sealed class ResolveDifference(IDbContextFactory<PortalDbContext> contexts, QueryAttempt query, QueryRefund queryRefund, MatchBill match, PortalWriter writer, TimeProvider time)
{
    public const int MaxReason = 500;

    public async Task<ResolveDifferenceResult> ExecuteAsync(
        Guid differenceId, DifferenceAction action, string reason, Actor actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > MaxReason)
        {
            return new ResolveDifferenceResult.ReasonMissing();
        }

        if (await FindAsync(differenceId, actor, cancellationToken) is not { } difference)
        {
            return new ResolveDifferenceResult.NotOpen();
        }

        return action == DifferenceAction.Book
            ? await BookAsync(difference, reason.Trim(), actor, cancellationToken)
            : await writer.WriteAsync(
                (db, ct) => EndAsync(db, difference.Id, action == DifferenceAction.Accept ? DifferenceStatus.Accepted : DifferenceStatus.Explained, reason.Trim(), actor, ct),
                cancellationToken);
    }

    private async Task<BillDifference?> FindAsync(Guid differenceId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await db.BillDifferences.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == differenceId && row.StoreId == actor.StoreId && row.Status == DifferenceStatus.Open, cancellationToken);
    }

    private async Task<ResolveDifferenceResult> BookAsync(BillDifference difference, string reason, Actor actor, CancellationToken cancellationToken)
    {
        if (await EvidenceOfAsync(difference, cancellationToken) is not { } evidence)
        {
            return new ResolveDifferenceResult.CannotBook("There is no attempt of ours with the number that the bill names.");
        }

        var (attemptId, line) = evidence;
        var outcome = await query.ExecuteAsync(attemptId, actor, cancellationToken);
        if (difference.Kind != DifferenceKind.Long && line.RefundNo.Length > 0)
        {
            outcome = await queryRefund.ExecuteAsync(attemptId, line.TransactionId, line.RefundNo, line.Amount, actor, cancellationToken);
        }

        if (!await IsBookedAsync(difference, cancellationToken))
        {
            return new ResolveDifferenceResult.CannotBook(Sentence(outcome));
        }

        // Named before the comparison settles it: a person did it, for a reason.
        var result = await writer.WriteAsync((db, ct) => EndAsync(db, difference.Id, DifferenceStatus.Booked, reason, actor, ct), cancellationToken);
        await match.ExecuteAsync(difference.BillId, null, cancellationToken);
        return result;
    }

    /// <returns>The bill's line, and the attempt of ours that it names; null when there is none.</returns>
    private async Task<(Guid AttemptId, BillLine Line)?> EvidenceOfAsync(BillDifference difference, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var found = await db.BillLines.AsNoTracking().Where(line => line.Id == difference.LineId)
            .Join(db.Attempts, line => new { line.ChannelAccountId, line.OutTradeNo }, attempt => new { attempt.ChannelAccountId, attempt.OutTradeNo }, (line, attempt) => new { attempt.Id, line })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Id, found.line);
    }

    private async Task<bool> IsBookedAsync(BillDifference difference, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var line = await db.BillLines.AsNoTracking().SingleOrDefaultAsync(row => row.Id == difference.LineId, cancellationToken);
        return line is not null && await db.Payments.AnyAsync(
            row => row.ChannelAccountId == line.ChannelAccountId && row.ChannelTransactionId == line.TransactionId, cancellationToken)
            && (difference.Kind == DifferenceKind.Long || await db.Refunds.AnyAsync(
                row => row.ChannelAccountId == line.ChannelAccountId && row.RefundNo == line.RefundNo && row.Status == RefundStatus.Succeeded, cancellationToken));
    }

    private async Task<ResolveDifferenceResult> EndAsync(
        PortalDbContext db, Guid differenceId, DifferenceStatus status, string reason, Actor actor, CancellationToken cancellationToken)
    {
        var difference = await db.BillDifferences.SingleAsync(row => row.Id == differenceId, cancellationToken);
        if (difference.Status != DifferenceStatus.Open)
        {
            return new ResolveDifferenceResult.NotOpen();
        }

        var now = time.GetUtcNow();
        if (status == DifferenceStatus.Accepted && difference.Kind == DifferenceKind.Fee)
        {
            await PostFees.CorrectAsync(db, difference, now, cancellationToken);
        }

        (difference.Status, difference.ResolvedBy, difference.ResolvedAt, difference.Reason) = (status, actor.Name, now, reason);
        await db.SettleCaseAsync(
            difference.StoreId, CaseKind.BillDifference, MatchBill.CaseKey(difference),
            status == DifferenceStatus.Booked ? CaseResolution.Booked : CaseResolution.Explained, now, cancellationToken);
        await db.AuditAsync(
            actor,
            new AuditAct(
                AuditActions.DifferenceResolved,
                string.Create(CultureInfo.InvariantCulture, $"{difference.Day:yyyy-MM-dd} {difference.Kind} {difference.SubjectKey}"),
                Before: new() { ["status"] = nameof(DifferenceStatus.Open) },
                After: new() { ["status"] = status.ToString(), ["theirs"] = Text(difference.Theirs), ["ours"] = Text(difference.Ours) },
                Reason: reason),
            now, cancellationToken);
        return new ResolveDifferenceResult.Resolved(status);
    }

    private static string Text(long? fen) => fen is { } amount ? Money.Display(amount) : "–";

    private static string Sentence(QueryOutcome outcome) => outcome switch
    {
        QueryOutcome.CannotTell unclear => unclear.Reason,
        QueryOutcome.NotAtGateway => "The gateway does not know the number.",
        QueryOutcome.Answered answered => $"{answered.Said}: {answered.Reason}",
        _ => "",
    };
}

public enum DifferenceAction
{
    /// <summary>Ask the gateway and book what it vouches for.</summary>
    Book,

    /// <summary>The gateway is right.</summary>
    Accept,

    /// <summary>It is known why.</summary>
    Explain,
}

public abstract record ResolveDifferenceResult
{
    public sealed record Resolved(DifferenceStatus Status) : ResolveDifferenceResult;

    public sealed record ReasonMissing : ResolveDifferenceResult;

    /// <summary>Somebody else, or the facts, ended it already; or there is none.</summary>
    public sealed record NotOpen : ResolveDifferenceResult;

    /// <param name="Why">What the gateway said, in English.</param>
    public sealed record CannotBook(string Why) : ResolveDifferenceResult;
}
