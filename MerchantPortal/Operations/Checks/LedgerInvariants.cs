using MerchantPortal.Payments.Ledger;

namespace MerchantPortal.Operations.Checks;

/// <summary>What must hold in the books, and between the books and what moved money.</summary>
internal static class LedgerInvariants
{
    public static readonly IInvariant Balanced = new CombinedInvariant(
        "I4", "every movement's debits equal its credits, and the books are as they were written",
        new SqlInvariant("I4", "debits equal credits",
            """
            SELECT 'movement ' || "Movement" || ' ' || ID_TEXT("MovementId") || ': debits ' || CAST(SUM("Debit") AS TEXT) || ', credits ' || CAST(SUM("Credit") AS TEXT)
                   || ', ' || CAST(COUNT(*) AS TEXT) || ' entries' AS "Value"
              FROM "LedgerEntries" GROUP BY "MovementId", "Movement"
            HAVING SUM("Debit") <> SUM("Credit") OR COUNT(*) <> 2 OR MIN("Debit") <> 0 OR MIN("Credit") <> 0 OR MAX("Debit") <= 0
                OR COUNT(DISTINCT "StoreId") > 1 OR COUNT(DISTINCT "Day") > 1 OR COUNT(DISTINCT "ChannelAccountId") > 1
            """),
        new UnchangedRecords("I4", LedgerChain.Table),
        new LedgerDays());

    /// <summary>Index look-ups per payment, and back.</summary>
    public static readonly SqlInvariant PaymentsAreBooked = new("I5", "every payment is in the books once",
        """
        SELECT 'payment ' || p."ChannelTransactionId" || ': ' || CAST(p."Amount" AS TEXT) || ', in the books '
               || CASE WHEN l."Number" IS NULL THEN 'missing' ELSE CAST(l."Debit" AS TEXT) || ' on ' || CAST(l."Day" AS TEXT) || ' no. ' || CAST(l."Number" AS TEXT) END AS "Value"
          FROM "Payments" p
          LEFT JOIN "LedgerEntries" l ON l."MovementId" = p."Id" AND l."Account" = 'GatewayBalance'
               AND l."Movement" = CASE WHEN p."IsSurplus" THEN 'SurplusPayment' ELSE 'Payment' END
         WHERE l."Number" IS NULL OR l."Debit" <> p."Amount" OR l."StoreId" <> p."StoreId" OR l."ChannelAccountId" <> p."ChannelAccountId"
            OR l."OrderId" IS NULL OR l."OrderId" <> p."OrderId"
        UNION ALL
        SELECT 'ledger ' || CAST(l."Day" AS TEXT) || ' no. ' || CAST(l."Number" AS TEXT) || ': books a payment that is not there' AS "Value"
          FROM "LedgerEntries" l LEFT JOIN "Payments" p ON p."Id" = l."MovementId"
         WHERE l."Movement" IN ('Payment', 'SurplusPayment') AND (p."Id" IS NULL OR p."IsSurplus" <> (l."Movement" = 'SurplusPayment')
            OR l."Account" NOT IN ('GatewayBalance', CASE WHEN l."Movement" = 'Payment' THEN 'Sales' ELSE 'Surplus' END))
        """);

    public static readonly SqlInvariant RefundsAreBooked = new("I5", "every refund that moved money is in the books once",
        """
        SELECT 'refund ' || r."RefundNo" || ': ' || CAST(r."Amount" AS TEXT) || ', in the books '
               || CASE WHEN l."Number" IS NULL THEN 'missing' ELSE CAST(l."Credit" AS TEXT) || ' on ' || CAST(l."Day" AS TEXT) || ' no. ' || CAST(l."Number" AS TEXT) END AS "Value"
          FROM "Refunds" r
          LEFT JOIN "Payments" p ON p."Id" = r."PaymentId"
          LEFT JOIN "LedgerEntries" l ON l."MovementId" = r."Id" AND l."Account" = 'GatewayBalance'
               AND l."Movement" = CASE WHEN p."IsSurplus" THEN 'SurplusRefund' ELSE 'Refund' END
         WHERE r."Status" = 'Succeeded' AND (l."Number" IS NULL OR l."Credit" <> r."Amount" OR l."StoreId" <> r."StoreId"
            OR l."ChannelAccountId" <> r."ChannelAccountId" OR l."OrderId" IS NULL OR l."OrderId" <> r."OrderId")
        UNION ALL
        SELECT 'ledger ' || CAST(l."Day" AS TEXT) || ' no. ' || CAST(l."Number" AS TEXT) || ': books a refund that moved no money' AS "Value"
          FROM "LedgerEntries" l LEFT JOIN "Refunds" r ON r."Id" = l."MovementId" AND r."Status" = 'Succeeded' LEFT JOIN "Payments" p ON p."Id" = r."PaymentId"
         WHERE l."Movement" IN ('Refund', 'SurplusRefund') AND (r."Id" IS NULL OR COALESCE(p."IsSurplus", FALSE) <> (l."Movement" = 'SurplusRefund')
            OR l."Account" NOT IN ('GatewayBalance', CASE WHEN l."Movement" = 'Refund' THEN 'Refunds' ELSE 'Surplus' END))
        """);

    /// <summary>The same sums by another way: what the gateway owes the shop, and what each payment has left to give back.</summary>
    public static readonly SqlInvariant BalancesAgree = new("I5", "balances are the sums of payments and refunds",
        """
        SELECT 'account ' || a."Name" || ': balance in the books ' || CAST(COALESCE(l."Total", 0) AS TEXT) || ', paid less refunded '
               || CAST(COALESCE(p."Total", 0) - COALESCE(r."Total", 0) AS TEXT) AS "Value"
          FROM "ChannelAccounts" a
          LEFT JOIN (SELECT "ChannelAccountId", SUM("Debit") - SUM("Credit") AS "Total" FROM "LedgerEntries"
                      WHERE "Account" = 'GatewayBalance' AND "Movement" NOT IN ('Fee', 'FeeReturn') GROUP BY "ChannelAccountId") l ON l."ChannelAccountId" = a."Id"
          LEFT JOIN (SELECT "ChannelAccountId", SUM("Amount") AS "Total" FROM "Payments" GROUP BY "ChannelAccountId") p ON p."ChannelAccountId" = a."Id"
          LEFT JOIN (SELECT "ChannelAccountId", SUM("Amount") AS "Total" FROM "Refunds" WHERE "Status" = 'Succeeded' GROUP BY "ChannelAccountId") r ON r."ChannelAccountId" = a."Id"
         WHERE COALESCE(l."Total", 0) <> COALESCE(p."Total", 0) - COALESCE(r."Total", 0)
        UNION ALL
        SELECT 'payment ' || p."ChannelTransactionId" || ': ' || CAST(p."RefundReserved" AS TEXT) || ' set aside for refunds that come to ' || CAST(COALESCE(r."Total", 0) AS TEXT) AS "Value"
          FROM "Payments" p
          LEFT JOIN (SELECT "PaymentId", SUM("Amount") AS "Total" FROM "Refunds" WHERE "Status" NOT IN ('Failed', 'Closed') GROUP BY "PaymentId") r ON r."PaymentId" = p."Id"
         WHERE p."RefundReserved" <> COALESCE(r."Total", 0) OR p."RefundReserved" > p."Amount"
        """);
}
