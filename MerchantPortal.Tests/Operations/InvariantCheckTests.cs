using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Operations.Checks;
using MerchantPortal.Operations.Seeding;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Operations;

public sealed class InvariantCheckTests
{
    private const string AnyCapture =
        """
        "Id", "StoreId", "ChannelAccountId", "Channel", "Method", "Path", "QueryString", "HeadersJson", "Body", "BodyHash", "RemoteAddress", "ReceivedAt", "Status", "Reason", "Attempts", "Version", "Repeats")
        SELECT s."Id", s."Id", c."Id", 'alipay', 'POST', '/', '', '{}', {0}, {1}, '', 1,
        """;

    private static readonly (string Id, string Sql)[] Breaches =
    [
        ("I1", $"""INSERT INTO "Inbox" ({AnyCapture} 'Ignored', 'still_pending', 1, 0, 0 FROM "Stores" s JOIN "ChannelAccounts" c ON c."StoreId" = s."Id" LIMIT 1"""),
        ("I2", """UPDATE "Orders" SET "PaidAt" = "PaidAt" + 1000 WHERE "Id" = (SELECT "Id" FROM "Orders" WHERE "Status" = 'Paid' ORDER BY "Id" DESC LIMIT 1)"""),
        ("I2", """UPDATE "Timeline" SET "Kind" = 'PaymentReceived' WHERE "Kind" = 'AttemptPrompted'"""),
        ("I3", """UPDATE "Attempts" SET "Status" = 'Paid' WHERE "Status" = 'Closed'"""),
        ("I5", """UPDATE "Orders" SET "PaidAmount" = "PaidAmount" + 1 WHERE "Status" = 'Paid'"""),
        ("I5", """UPDATE "Orders" SET "RefundedAmount" = 1 WHERE "Status" = 'Paid'"""),
        ("I5", """UPDATE "Refunds" SET "Amount" = "Amount" * 5"""),
        ("I5t", """UPDATE "OrderTallies" SET "Paid" = "Paid" + 1"""),
        ("I5", """UPDATE "Payments" SET "RefundReserved" = 1 WHERE "RefundReserved" = 0"""),
        ("I5", """UPDATE "Refunds" SET "Status" = 'Failed'"""),
        ("I5", """UPDATE "Payments" SET "IsSurplus" = NOT "IsSurplus" """),
        ("I5", """UPDATE "Payments" SET "RefundReserved" = "RefundReserved" - 1 WHERE "RefundReserved" > 0"""),
        ("I5", """UPDATE "Refunds" SET "Status" = 'Closed' WHERE "Status" = 'Succeeded'"""),
        ("I6", $"""INSERT INTO "Inbox" ({AnyCapture} 'Deferred', 'unknown_order', 1, 0, 0 FROM "Stores" s JOIN "ChannelAccounts" c ON c."StoreId" = s."Id" LIMIT 1"""),
        ("I6", $"""INSERT INTO "Inbox" ({AnyCapture} 'Applied', '', 0, 0, 0 FROM "Stores" s JOIN "ChannelAccounts" c ON c."StoreId" = s."Id" LIMIT 1"""),
        ("I7", """DELETE FROM "Feed" WHERE "Number" = 7"""),
        ("I7", """UPDATE "Stores" SET "LastFeedNumber" = "LastFeedNumber" + 1"""),
        ("I7", """UPDATE "Orders" SET "Flags" = 4 WHERE "Status" = 'Closed'"""),
        ("I8", """INSERT INTO "DeliveryReports" ("AttemptId", "StoreId", "DeliveredAt", "Attempts", "Version") SELECT "Id", "StoreId", 1, 1, 0 FROM "Attempts" WHERE "Status" = 'Paid' LIMIT 1"""),
        ("I8", """INSERT INTO "DeliveryReports" ("AttemptId", "StoreId", "DeliveredAt", "DueAt", "Attempts", "Version") SELECT "Id", "StoreId", 1, 1, 1, 0 FROM "Attempts" WHERE "Status" = 'Closed' LIMIT 1"""),
        ("I9", """UPDATE "Attempts" SET "StoreId" = "ChannelAccountId" """),
        ("I9", """UPDATE "Payments" SET "StoreId" = "ChannelAccountId" """),
        ("I12", """UPDATE "Timeline" SET "ActorKind" = 'Person' WHERE "Kind" = 'OrderClosed'"""),
        ("I10", """DELETE FROM "__EFMigrationsHistory" """),
    ];

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_seeded_history_keeps_every_invariant(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        await SeedAsync(portal, orders: 400, seed: 7);

        var verdicts = await portal.Get<InvariantCheck>().RunAsync(CancellationToken.None);

        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.ToString()));
        Assert.Equal(["I1", "I2", "I3", "I4", "I5", "I5t", "I6", "I7", "I8", "I9", "I10", "I12"], verdicts.Select(verdict => verdict.Id));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Each_planted_breach_is_found(DatabaseProvider provider)
    {
        await using var portal = await PortalFactory.StartAsync(provider);
        await SeedAsync(portal, orders: 120, seed: 5);

        foreach (var (id, sql) in Breaches)
        {
            Assert.True(await FoundAsync(portal, id, sql), $"{id} does not see: {sql}");
        }
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_history_and_is_refused_twice()
    {
        var clock = new FakeTimeProvider();
        await using var first = await PortalFactory.StartAsync(configure: factory => factory.WithClock(clock));
        await using var second = await PortalFactory.StartAsync(configure: factory => factory.WithClock(clock));

        await SeedAsync(first, orders: 100, seed: 3);
        await SeedAsync(second, orders: 100, seed: 3);
        var again = await first.Get<SeedHistory>().ExecuteAsync(100, 3, new Progress<int>(), CancellationToken.None);

        Assert.IsType<SeedHistoryResult.Refused>(again);
        Assert.Equal(await FactsAsync(first), await FactsAsync(second));
    }

    [Fact]
    public async Task The_seeded_shares_are_those_of_a_shop()
    {
        await using var portal = await PortalFactory.StartAsync();
        await SeedAsync(portal, orders: 3_000, seed: 1);

        var byStatus = await portal.ReadAsync(db => db.Orders.GroupBy(order => order.Status).ToDictionaryAsync(group => group.Key.ToString(), group => group.Count()));

        Assert.InRange(byStatus["Paid"], 2_600, 2_750);
        Assert.InRange(byStatus["Closed"], 190, 290);
        Assert.InRange(byStatus["Refunded"] + byStatus["PartiallyRefunded"], 60, 130);
    }

    /// <summary>Plants, looks and takes back, in one transaction.</summary>
    private static async Task<bool> FoundAsync(PortalFactory portal, string id, string sql)
    {
        var invariant = InvariantCheck.Invariants.Single(candidate => candidate.Id == id);
        var (before, after) = (false, false);
        await portal.Get<PortalWriter>().RehearseAsync(
            async (db, ct) =>
            {
                before = await IsBrokenAsync(invariant, db);
                if (db is SqlitePortalDbContext)
                {
                    await db.Database.ExecuteSqlRawAsync("PRAGMA defer_foreign_keys = ON", ct);
                }

                await db.Database.ExecuteSqlRawAsync(sql.Replace("'{}'", "'{{}}'", StringComparison.Ordinal), [new byte[] { 1 }, new byte[32]], ct);
                after = await IsBrokenAsync(invariant, db);
                return true;
            },
            CancellationToken.None);
        return !before && after;
    }

    private static async Task<bool> IsBrokenAsync(IInvariant invariant, PortalDbContext db)
    {
        await foreach (var _ in invariant.FindBreachesAsync(db, CancellationToken.None))
        {
            return true;
        }

        return false;
    }

    private static async Task SeedAsync(PortalFactory portal, int orders, int seed)
    {
        if (!await portal.ReadAsync(db => db.Stores.AnyAsync()))
        {
            await portal.WriteAsync(db => db.Stores.Add(new Store { Name = "Tea", CreatedAt = portal.Get<TimeProvider>().GetUtcNow() }));
        }

        var result = await portal.Get<SeedHistory>().ExecuteAsync(orders, seed, new Progress<int>(), CancellationToken.None);
        Assert.IsType<SeedHistoryResult.Seeded>(result);
    }

    private static Task<List<string>> FactsAsync(PortalFactory portal) => portal.ReadAsync(async db =>
        (await db.Orders.OrderBy(order => order.Id).ToListAsync())
            .ConvertAll(order => $"{order.Id} {order.Number} {order.CheckoutToken} {order.Subject} {order.Amount} {order.Status} {order.PaidAt:O}"));
}
