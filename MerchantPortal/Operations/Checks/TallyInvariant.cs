using MerchantPortal.Orders;

namespace MerchantPortal.Operations.Checks;

/// <summary>What the lists add up is what is there.</summary>
internal static class TallyInvariant
{
    public static readonly SqlInvariant TalliesAddUp = new("I5t", "the running totals of orders are the sums of the orders",
        $"""
        SELECT 'store ' || ID_TEXT(d."StoreId") || ', span ' || CAST(d."Span" AS TEXT) || ', ' || d."Status" || ': off by ' || CAST(SUM(d."Count") AS TEXT)
               || ' orders, ' || CAST(SUM(d."Paid") AS TEXT) || ' paid, ' || CAST(SUM(d."Refunded") AS TEXT) || ' refunded' AS "Value"
          FROM (SELECT "StoreId", "Span", "Status", "Flags", "Count", "Paid", "Refunded" FROM "{OrderTallies.Table}"
                UNION ALL
                SELECT "StoreId", "CreatedAt" / {OrderTally.SpanMilliseconds}, "Status", "Flags", -1, -"PaidAmount", -"RefundedAmount" FROM "Orders") d
         GROUP BY d."StoreId", d."Span", d."Status", d."Flags" HAVING SUM(d."Count") <> 0 OR SUM(d."Paid") <> 0 OR SUM(d."Refunded") <> 0
        """);
}
