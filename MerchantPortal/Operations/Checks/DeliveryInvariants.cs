namespace MerchantPortal.Operations.Checks;

/// <summary>What must hold for what the portal has to tell others.</summary>
internal static class DeliveryInvariants
{
    public static readonly SqlInvariant ReportsEnd = new("I8", "every report to a gateway is delivered, due, or ended with a reason on its order",
        """
        SELECT 'delivery report of attempt ' || a."OutTradeNo" || ': ' ||
               CASE WHEN d."DueAt" IS NOT NULL THEN 'delivered and still due' WHEN d."ReportedAt" IS NULL THEN 'ended, and nobody was told why' ELSE 'delivered, but its order does not say so' END AS "Value"
          FROM "DeliveryReports" d JOIN "Attempts" a ON a."Id" = d."AttemptId"
         WHERE (d."DueAt" IS NOT NULL AND d."ReportedAt" IS NOT NULL)
            OR (d."DueAt" IS NULL AND NOT EXISTS (
                SELECT 1 FROM "Timeline" t WHERE t."OrderId" = a."OrderId"
                   AND t."Kind" = CASE WHEN d."ReportedAt" IS NULL THEN 'DeliveryNotReported' ELSE 'DeliveryReported' END))
        UNION ALL
        SELECT 'delivery report of attempt ' || a."OutTradeNo" || ': the attempt is not paid' AS "Value"
          FROM "DeliveryReports" d JOIN "Attempts" a ON a."Id" = d."AttemptId" WHERE a."Status" <> 'Paid' OR a."StoreId" <> d."StoreId"
        """);
}
