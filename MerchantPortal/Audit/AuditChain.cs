using MerchantPortal.Data;

namespace MerchantPortal.Audit;

/// <summary>The audit trail's chains, one per store, as they are verified.</summary>
internal static class AuditChain
{
    public static readonly ChainedTable Table = new()
    {
        Name = nameof(PortalDbContext.AuditEntries),
        Columns =
        [
            nameof(AuditEntry.StoreId), nameof(AuditEntry.Number), nameof(AuditEntry.At), nameof(AuditEntry.ActorKind), nameof(AuditEntry.ActorId),
            nameof(AuditEntry.ActorName), nameof(AuditEntry.Action), nameof(AuditEntry.Target), nameof(AuditEntry.BeforeJson), nameof(AuditEntry.AfterJson),
            nameof(AuditEntry.Reason), nameof(AuditEntry.CorrelationId),
        ],
        KeyColumns = [],
        Compose = AuditEntry.Compose,
        Chain = _ => AuditEntry.Chain,
        ChainsLike = AuditEntry.Chain,
    };
}
