using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Products;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Cases;

/// <summary>A person ends a case by its playbook, and says why. With the last case of an order its flags go.</summary>
public sealed class ResolveCase(PortalWriter writer, TimeProvider time)
{
    public const int MaxReasonLength = 500;

    /// <param name="reason">What the person found and did; kept with the case and in the audit trail.</param>
    public Task<ResolveCaseResult> ExecuteAsync(Guid caseId, CaseResolution resolution, string reason, Actor actor, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > MaxReasonLength
            ? Task.FromResult<ResolveCaseResult>(new ResolveCaseResult.ReasonInvalid())
            : writer.WriteAsync((db, ct) => ResolveAsync(db, caseId, resolution, reason.Trim(), actor, ct), cancellationToken);

    private async Task<ResolveCaseResult> ResolveAsync(
        PortalDbContext db, Guid caseId, CaseResolution resolution, string reason, Actor actor, CancellationToken cancellationToken)
    {
        if (await db.Cases.SingleOrDefaultAsync(row => row.Id == caseId && row.StoreId == actor.StoreId && row.Status == CaseStatus.Open, cancellationToken) is not { } found)
        {
            return new ResolveCaseResult.NotOpen();
        }

        if (!CasePlaybook.Resolutions(found.Kind).Contains(resolution))
        {
            return new ResolveCaseResult.NotInPlaybook();
        }

        if (resolution == CaseResolution.Fulfilled && LateMoney.PiecesAreGone(found)
            && found.OrderId is { } orderId && !await StockHold.TakeAgainAsync(db, orderId, cancellationToken))
        {
            return new ResolveCaseResult.OutOfStock();
        }

        var now = time.GetUtcNow();
        (found.Status, found.Resolution, found.ResolvedBy, found.ResolutionReason, found.ResolvedAt) = (CaseStatus.Resolved, resolution, actor.Name, reason, now);
        await db.RecordEndAsync(found, actor, now, cancellationToken);
        var act = new AuditAct(AuditActions.CaseResolved, CaseTarget.Of(found), After: new() { ["resolution"] = resolution.ToString() }, Reason: reason);
        await db.AuditAsync(actor, act, now, cancellationToken);
        return new ResolveCaseResult.Resolved();
    }
}

public abstract record ResolveCaseResult
{
    public sealed record Resolved : ResolveCaseResult;

    /// <summary>There is none, or it has ended meanwhile.</summary>
    public sealed record NotOpen : ResolveCaseResult;

    /// <summary>A case of this kind does not end this way.</summary>
    public sealed record NotInPlaybook : ResolveCaseResult;

    /// <summary>The pieces were sold while the order was closed, and there are still none: hold it, or give the money back.</summary>
    public sealed record OutOfStock : ResolveCaseResult;

    /// <summary>Empty, or longer than <see cref="ResolveCase.MaxReasonLength"/>.</summary>
    public sealed record ReasonInvalid : ResolveCaseResult;
}
