namespace MerchantPortal.Operations.Checks;

/// <summary>What must hold between orders, payments and refunds.</summary>
internal static class MoneyInvariants
{
    public static readonly SqlInvariant PaidOnce = new("I2", "an order becomes paid at most once and its payment time never changes",
        """
        SELECT 'order ' || o."Number" || ': paid ' || CAST(COUNT(*) AS TEXT) || ' times' AS "Value"
          FROM "Timeline" t JOIN "Orders" o ON o."Id" = t."OrderId"
         WHERE t."Kind" IN ('PaymentReceived', 'PaymentReceivedLate') GROUP BY o."Number" HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'order ' || o."Number" || ': is ' || o."Status" || ' but its payment time and its payment disagree' AS "Value"
          FROM "Orders" o LEFT JOIN "Payments" p ON p."OrderId" = o."Id" AND NOT p."IsSurplus"
         WHERE (o."Status" IN ('Pending', 'Closed')) <> (o."PaidAt" IS NULL)
            OR (o."PaidAt" IS NULL) <> (p."Id" IS NULL)
            OR o."PaidAt" <> p."PaidAt"
        UNION ALL
        SELECT 'order ' || o."Number" || ': is paid but its timeline does not say so' AS "Value"
          FROM "Orders" o
         WHERE o."PaidAt" IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM "Timeline" t WHERE t."OrderId" = o."Id" AND t."Kind" IN ('PaymentReceived', 'PaymentReceivedLate'))
        """);

    public static readonly SqlInvariant OnePaymentPerTransaction = new("I3", "a gateway transaction has one payment row, of one order in one store",
        """
        SELECT 'transaction ' || p."ChannelTransactionId" || ': ' || CAST(COUNT(*) AS TEXT) || ' payments' AS "Value"
          FROM "Payments" p GROUP BY p."ChannelAccountId", p."ChannelTransactionId" HAVING COUNT(*) > 1
        UNION ALL
        SELECT 'transaction ' || p."ChannelTransactionId" || ': its attempt belongs to another order, account or store' AS "Value"
          FROM "Payments" p LEFT JOIN "Attempts" a ON a."Id" = p."AttemptId"
         WHERE a."Id" IS NULL OR a."OrderId" <> p."OrderId" OR a."ChannelAccountId" <> p."ChannelAccountId" OR a."StoreId" <> p."StoreId"
        UNION ALL
        SELECT 'attempt ' || a."OutTradeNo" || ': is paid but has no payment' AS "Value"
          FROM "Attempts" a
         WHERE a."Status" = 'Paid' AND NOT EXISTS (SELECT 1 FROM "Payments" p WHERE p."OrderId" = a."OrderId" AND p."AttemptId" = a."Id")
        """);

    public static readonly SqlInvariant AmountsAddUp = new("I5", "an order's paid and refunded amounts are the sums of its payments and refunds",
        """
        SELECT 'order ' || o."Number" || ': paid amount ' || CAST(o."PaidAmount" AS TEXT) || ', payments ' || CAST(COALESCE(p."Total", 0) AS TEXT) AS "Value"
          FROM "Orders" o
          LEFT JOIN (SELECT "OrderId", SUM("Amount") AS "Total" FROM "Payments" WHERE NOT "IsSurplus" GROUP BY "OrderId") p ON p."OrderId" = o."Id"
         WHERE o."PaidAmount" <> COALESCE(p."Total", 0) OR o."PaidAmount" NOT IN (0, o."Amount")
        UNION ALL
        SELECT 'order ' || o."Number" || ': refunded amount ' || CAST(o."RefundedAmount" AS TEXT) || ', refunds ' || CAST(COALESCE(r."Total", 0) AS TEXT) AS "Value"
          FROM "Orders" o
          LEFT JOIN (SELECT f."OrderId", SUM(f."Amount") AS "Total" FROM "Refunds" f LEFT JOIN "Payments" p ON p."Id" = f."PaymentId"
                      WHERE f."Status" = 'Succeeded' AND NOT COALESCE(p."IsSurplus", FALSE) GROUP BY f."OrderId") r ON r."OrderId" = o."Id"
         WHERE o."RefundedAmount" <> COALESCE(r."Total", 0)
            OR (o."Status" = 'Refunded') <> (o."RefundedAmount" > 0 AND o."RefundedAmount" = o."PaidAmount")
            OR (o."Status" = 'PartiallyRefunded') <> (o."RefundedAmount" > 0 AND o."RefundedAmount" < o."PaidAmount")
        UNION ALL
        SELECT 'refund ' || r."RefundNo" || ': is of another order, attempt or account than its payment' AS "Value"
          FROM "Refunds" r LEFT JOIN "Payments" p ON p."Id" = r."PaymentId"
         WHERE p."Id" IS NULL OR p."OrderId" <> r."OrderId" OR p."AttemptId" <> r."AttemptId" OR p."ChannelAccountId" <> r."ChannelAccountId"
        """);
}
