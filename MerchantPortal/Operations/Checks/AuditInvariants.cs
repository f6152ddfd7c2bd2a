using MerchantPortal.Audit;

namespace MerchantPortal.Operations.Checks;

/// <summary>What must hold in the audit trail.</summary>
internal static class AuditInvariants
{
    public static readonly IInvariant Complete = new CombinedInvariant(
        "I12", "every privileged act is in the audit trail; trail and closed days are as they were written",
        new UnchangedRecords("I12", AuditChain.Table),
        new ClosedDays(),
        new SqlInvariant("I12", "acts by people are audited",
            """
            SELECT 'order ' || o."Number" || ': was closed by ' || t."ActorName" || ', the trail does not say so' AS "Value"
              FROM "Timeline" t JOIN "Orders" o ON o."Id" = t."OrderId"
              LEFT JOIN (SELECT DISTINCT "StoreId", "Target" FROM "AuditEntries" WHERE "Action" = 'order.closed') a ON a."StoreId" = o."StoreId" AND a."Target" = o."Number"
             WHERE t."Kind" = 'OrderClosed' AND t."ActorKind" IN ('Person', 'ApiKey') AND a."Target" IS NULL
            UNION ALL
            SELECT 'callback ' || r."CaptureId" || ': was replayed ' || CAST(r."Total" AS TEXT) || ' times, the trail says ' || CAST(COALESCE(a."Total", 0) AS TEXT) AS "Value"
              FROM (SELECT ID_TEXT("CaptureId") AS "CaptureId", COUNT(*) AS "Total" FROM "CaptureAttempts" WHERE "ReplayReason" IS NOT NULL GROUP BY "CaptureId") r
              LEFT JOIN (SELECT "Target", COUNT(*) AS "Total" FROM "AuditEntries" WHERE "Action" = 'callback.replayed' GROUP BY "Target") a ON a."Target" = r."CaptureId"
             WHERE r."Total" > COALESCE(a."Total", 0)
            UNION ALL
            SELECT 'audit no. ' || CAST("Number" AS TEXT) || ': nobody did it' AS "Value" FROM "AuditEntries"
             WHERE "Action" = '' OR "Target" = '' OR ("ActorName" = '' AND "ActorId" = '')
            """));
}
