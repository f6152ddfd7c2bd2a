namespace MerchantPortal.Operations.Checks;

/// <summary>What must hold between captures, feed and timeline, and between stores.</summary>
internal static class RecordInvariants
{
    public static readonly SqlInvariant NoStuckCapture = new("I6", "every capture has a verdict, or a due time when it waits",
        """
        SELECT 'capture ' || ID_TEXT(i."Id") || ': ' || i."Status" || ', no due time' AS "Value"
          FROM "Inbox" i WHERE (i."Status" = 'Deferred') <> (i."RetryAt" IS NOT NULL)
        UNION ALL
        SELECT 'capture ' || ID_TEXT(c."Id") || ': no verdict' AS "Value"
          FROM (SELECT "Id", "Reason", "Attempts" FROM "Inbox" UNION ALL SELECT "Id", "Reason", "Attempts" FROM "RejectedCaptures") c
          LEFT JOIN (SELECT "CaptureId", COUNT(*) AS "Total" FROM "CaptureAttempts" GROUP BY "CaptureId") a ON a."CaptureId" = c."Id"
         WHERE c."Reason" = '' OR c."Attempts" = 0 OR c."Attempts" <> COALESCE(a."Total", 0)
        """);

    public static readonly SqlInvariant FeedIsGapless = new("I7", "feed numbers have no gap behind the oldest that is kept, and the newest feed row of an order tells its state",
        """
        SELECT 'store ' || ID_TEXT(s."Id") || ': feed says ' || CAST(s."LastFeedNumber" AS TEXT) || ', has ' || CAST(COALESCE(f."Total", 0) AS TEXT)
               || ' rows up to ' || CAST(COALESCE(f."Newest", 0) AS TEXT) AS "Value"
          FROM "Stores" s
          LEFT JOIN (SELECT "StoreId", COUNT(*) AS "Total", MAX("Number") AS "Newest", MIN("Number") AS "Oldest" FROM "Feed" GROUP BY "StoreId") f
            ON f."StoreId" = s."Id"
         WHERE s."LastFeedNumber" <> COALESCE(f."Newest", 0) OR f."Total" <> f."Newest" - f."Oldest" + 1
        UNION ALL
        SELECT 'order ' || o."Number" || ': is ' || o."Status" || ', its newest feed row says ' || COALESCE(f."Status", 'nothing') AS "Value"
          FROM "Orders" o
          LEFT JOIN (SELECT "OrderId", MAX("Number") AS "Newest" FROM "Feed" GROUP BY "OrderId") n ON n."OrderId" = o."Id"
          LEFT JOIN "Feed" f ON f."StoreId" = o."StoreId" AND f."Number" = n."Newest"
         WHERE f."Status" <> o."Status" OR f."Flags" <> o."Flags"
        UNION ALL
        SELECT 'order ' || o."Number" || ': ' || CAST(COALESCE(t."Total", 0) AS TEXT) || ' timeline rows, ' || CAST(COALESCE(f."Total", 0) AS TEXT) || ' feed rows' AS "Value"
          FROM "Orders" o
          LEFT JOIN (SELECT "OrderId", COUNT(*) AS "Total" FROM "Timeline" GROUP BY "OrderId") t ON t."OrderId" = o."Id"
          LEFT JOIN (SELECT "OrderId", COUNT(*) AS "Total" FROM "Feed" GROUP BY "OrderId") f ON f."OrderId" = o."Id"
         WHERE COALESCE(t."Total", 0) < COALESCE(f."Total", 0)
            OR COALESCE(t."Total", 0) <> COALESCE(f."Total", 0) AND EXISTS (SELECT 1 FROM "Feed" a WHERE a."StoreId" = o."StoreId" AND a."Number" = 1)
        """);

    public static readonly SqlInvariant StoresAreApart = new("I9", "no row of one store refers to a row of another",
        """
        SELECT 'attempt ' || a."OutTradeNo" AS "Value" FROM "Attempts" a JOIN "Orders" o ON o."Id" = a."OrderId" WHERE o."StoreId" <> a."StoreId"
        UNION ALL
        SELECT 'attempt ' || a."OutTradeNo" || ' (account)' AS "Value" FROM "Attempts" a JOIN "ChannelAccounts" c ON c."Id" = a."ChannelAccountId" WHERE c."StoreId" <> a."StoreId"
        UNION ALL
        SELECT 'attempt ' || a."OutTradeNo" || ' (mode)' AS "Value" FROM "Attempts" a JOIN "Orders" o ON o."Id" = a."OrderId" JOIN "ChannelAccounts" c ON c."Id" = a."ChannelAccountId" WHERE c."Mode" <> o."Mode"
        UNION ALL
        SELECT 'payment ' || p."ChannelTransactionId" AS "Value" FROM "Payments" p JOIN "Orders" o ON o."Id" = p."OrderId" WHERE o."StoreId" <> p."StoreId"
        UNION ALL
        SELECT 'refund ' || r."RefundNo" AS "Value" FROM "Refunds" r JOIN "Orders" o ON o."Id" = r."OrderId" JOIN "Attempts" a ON a."Id" = r."AttemptId" WHERE o."StoreId" <> r."StoreId" OR a."OrderId" <> r."OrderId"
        UNION ALL
        SELECT 'line of order ' || o."Number" AS "Value" FROM "OrderLines" l JOIN "Orders" o ON o."Id" = l."OrderId" JOIN "Products" p ON p."Id" = l."ProductId" WHERE p."StoreId" <> o."StoreId"
        UNION ALL
        SELECT 'timeline of order ' || o."Number" AS "Value" FROM "Timeline" t JOIN "Orders" o ON o."Id" = t."OrderId" WHERE o."StoreId" <> t."StoreId"
        UNION ALL
        SELECT 'feed row ' || CAST(f."Number" AS TEXT) AS "Value" FROM "Feed" f JOIN "Orders" o ON o."Id" = f."OrderId" WHERE o."StoreId" <> f."StoreId"
        UNION ALL
        SELECT 'capture ' || ID_TEXT(i."Id") AS "Value" FROM "Inbox" i JOIN "ChannelAccounts" c ON c."Id" = i."ChannelAccountId" WHERE c."StoreId" <> i."StoreId"
        UNION ALL
        SELECT 'capture ' || ID_TEXT(i."Id") || ' (order)' AS "Value" FROM "Inbox" i JOIN "Orders" o ON o."Id" = i."OrderId" WHERE o."StoreId" <> i."StoreId"
        UNION ALL
        SELECT 'rejected capture ' || ID_TEXT(i."Id") AS "Value" FROM "RejectedCaptures" i JOIN "ChannelAccounts" c ON c."Id" = i."ChannelAccountId" WHERE c."StoreId" <> i."StoreId"
        """);
}
