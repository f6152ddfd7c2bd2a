using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Cases;

/// <summary>A person takes an open case, also from somebody else, or lets go of it.</summary>
public sealed class AssignCase(PortalWriter writer, TimeProvider time)
{
    /// <param name="toMe">False: nobody looks after it any more.</param>
    /// <returns>False when the store has no such open case.</returns>
    public Task<bool> ExecuteAsync(Guid caseId, bool toMe, Actor actor, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            if (await db.Cases.SingleOrDefaultAsync(row => row.Id == caseId && row.StoreId == actor.StoreId && row.Status == CaseStatus.Open, ct) is not { } found)
            {
                return false;
            }

            var before = found.OwnerName;
            (found.OwnerId, found.OwnerName) = toMe ? (actor.Id, actor.Name) : (null, null);
            if (before != found.OwnerName)
            {
                var act = new AuditAct(AuditActions.CaseAssigned, CaseTarget.Of(found), Owner(before), Owner(found.OwnerName));
                await db.AuditAsync(actor, act, time.GetUtcNow(), ct);
            }

            return true;
        },
        cancellationToken);

    private static Dictionary<string, string>? Owner(string? name) => name is null ? null : new() { ["owner"] = name };
}

/// <summary>A case as the audit trail names it.</summary>
internal static class CaseTarget
{
    public static string Of(Case found) => $"{found.Kind} {found.SubjectKey}";
}
