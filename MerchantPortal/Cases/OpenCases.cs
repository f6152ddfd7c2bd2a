using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Cases;

/// <summary>Opens and settles cases in the commit of what was found.</summary>
internal static class OpenCases
{
    /// <summary>Opens the case, or opens it again when it had been resolved and the same thing is found anew.</summary>
    public static async Task<Case> OpenCaseAsync(this PortalDbContext db, CaseFinding finding, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await FindAsync(db, finding.StoreId, finding.Kind, finding.SubjectKey, cancellationToken) ?? db.Cases.Add(new Case
        {
            StoreId = finding.StoreId,
            Kind = finding.Kind,
            SubjectKey = finding.SubjectKey,
            OpenedAt = now,
        }).Entity;
        if (found.Status == CaseStatus.Resolved)
        {
            (found.Status, found.OpenedAt) = (CaseStatus.Open, now);
            (found.Resolution, found.ResolvedBy, found.ResolutionReason, found.ResolvedAt) = (null, null, null, null);
        }

        (found.OrderId, found.CaptureId, found.PaymentId, found.RefundId) = (finding.OrderId, finding.CaptureId, finding.PaymentId, finding.RefundId);
        found.Amount = finding.Amount;
        found.DataJson = JsonSerializer.Serialize(finding.Data ?? []);
        return found;
    }

    /// <summary>
    /// Whether the very same finding has a case already that is open, or that a person has ended: hearing it once more is no news then.
    /// </summary>
    public static async Task<bool> IsKnownCaseAsync(this PortalDbContext db, CaseFinding finding, CancellationToken cancellationToken) =>
        await FindAsync(db, finding.StoreId, finding.Kind, finding.SubjectKey, cancellationToken) is { } known
        && known.Amount == finding.Amount && known.DataJson == JsonSerializer.Serialize(finding.Data ?? [])
        && (known.Status == CaseStatus.Open || known.ResolvedBy is not null);

    /// <summary>The open cases of an order, as they are in this unit of work.</summary>
    public static async Task<IReadOnlyList<Case>> OpenCasesOfAsync(this PortalDbContext db, Guid orderId, CancellationToken cancellationToken)
    {
        await db.Cases.Where(row => row.OrderId == orderId && row.Status == CaseStatus.Open).LoadAsync(cancellationToken);
        return [.. db.Cases.Local.Where(row => row.OrderId == orderId && row.Status == CaseStatus.Open)];
    }

    /// <summary>
    /// Ends an open case because the facts agree again; does nothing where there is none. The order's flags go with its last case.
    /// </summary>
    public static async Task SettleCaseAsync(
        this PortalDbContext db, Guid storeId, CaseKind kind, string subjectKey, CaseResolution resolution, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, storeId, kind, subjectKey, cancellationToken) is { } found)
        {
            await db.SettleAsync(found, resolution, now, cancellationToken);
        }
    }

    public static async Task SettleAsync(this PortalDbContext db, Case found, CaseResolution resolution, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (found.Status == CaseStatus.Open)
        {
            (found.Status, found.Resolution, found.ResolvedAt) = (CaseStatus.Resolved, resolution, now);
            await db.RecordEndAsync(found, Actor.System(found.StoreId), now, cancellationToken);
        }
    }

    /// <summary>One that this very unit of work has opened is in memory only.</summary>
    private static async Task<Case?> FindAsync(PortalDbContext db, Guid storeId, CaseKind kind, string subjectKey, CancellationToken cancellationToken) =>
        db.Cases.Local.FirstOrDefault(row => row.StoreId == storeId && row.Kind == kind && row.SubjectKey == subjectKey)
        ?? await db.Cases.SingleOrDefaultAsync(row => row.StoreId == storeId && row.Kind == kind && row.SubjectKey == subjectKey, cancellationToken);
}

/// <param name="SubjectKey">What it is about: an order's, payment's or attempt's number; the same finding names the same subject.</param>
/// <param name="Amount">分; null where no amount is known.</param>
/// <param name="Data">Text values for the page's sentence; never a secret or a payer id.</param>
public sealed record CaseFinding(Guid StoreId, CaseKind Kind, string SubjectKey, long? Amount = null, Dictionary<string, string>? Data = null)
{
    public Guid? OrderId { get; init; }

    public Guid? CaptureId { get; init; }

    public Guid? PaymentId { get; init; }

    public Guid? RefundId { get; init; }
}
