using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Operations.Seeding;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Reconciliation;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Operations;

/// <summary>Whoever owns the database can drop the triggers. What they change then is found, and named to its row.</summary>
public sealed class TamperTests
{
    private const string Row = """ "Day" = (SELECT MAX("Day") FROM "LedgerEntries" WHERE "Number" = 17) AND "Number" = 17""";

    public static TheoryData<DatabaseProvider> Providers { get; } = new(DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql);

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_changed_value_of_the_books_is_named_to_its_row_whichever_column_it_is_in(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);
        var day = await portal.ReadAsync(db => db.LedgerEntries.Where(entry => entry.Number == 17).MaxAsync(entry => entry.Day));

        foreach (var change in new[]
        {
            "\"Debit\" = \"Debit\" + 1", "\"Credit\" = \"Credit\" + 1", "\"Movement\" = 'Fee'", "\"Movement\" = 'Pay'", "\"Account\" = 'Fees'", "\"At\" = \"At\" + 1",
            "\"OrderId\" = NULL", "\"ChannelAccountId\" = \"MovementId\"", "\"MovementId\" = \"ChannelAccountId\"", "\"Hash\" = {0}",
        })
        {
            var faults = await AfterAsync(portal, "I4", $"""UPDATE "LedgerEntries" SET {change} WHERE {Row}""");

            Assert.Contains($"ledger {day:yyyy-MM-dd} no. 17", Assert.Single(faults, fault => fault.StartsWith("ledger ", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""LOWER(SUBSTR(HEX("MovementId"), 1, 8) || '-' || SUBSTR(HEX("MovementId"), 9, 4) || '-' || SUBSTR(HEX("MovementId"), 13, 4) || '-' || SUBSTR(HEX("MovementId"), 17, 4) || '-' || SUBSTR(HEX("MovementId"), 21))""")]
    [InlineData("LOWER(HEX(\"MovementId\"))")]
    [InlineData("X'01'")]
    [InlineData("7")]
    public async Task What_is_no_id_is_named_even_where_it_reads_like_the_one_that_was_there(string value)
    {
        await using var portal = await ShopAsync(DatabaseProvider.Sqlite);
        var day = await portal.ReadAsync(db => db.LedgerEntries.Where(entry => entry.Number == 17).MaxAsync(entry => entry.Day));

        var faults = await AfterAsync(portal, "I4", $"""UPDATE "LedgerEntries" SET "MovementId" = {value} WHERE {Row}""");

        Assert.Contains($"ledger {day:yyyy-MM-dd} no. 17", Assert.Single(faults, fault => fault.StartsWith("ledger ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_is_taken_out_of_the_books_or_slipped_in_is_named(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);
        var day = $"{await portal.ReadAsync(db => db.LedgerEntries.Where(entry => entry.Number == 17).MaxAsync(entry => entry.Day)):yyyy-MM-dd}";
        const string OfDay = """ "Day" = (SELECT MAX("Day") FROM "LedgerEntries" WHERE "Number" = 17)""";

        await FindsAsync(portal, $"ledger {day} no. 18", "before it 1 entries are missing", $"""DELETE FROM "LedgerEntries" WHERE {Row}""");
        await FindsAsync(portal, $"ledger {day} no. 17", "are missing", $"""DELETE FROM "LedgerEntries" WHERE {OfDay} AND "Number" > 16""");
        await FindsAsync(portal, $"ledger {day} no. 1 ", "are missing", $"""DELETE FROM "LedgerEntries" WHERE "Day" = '{day}'""");
        await FindsAsync(portal, $"ledger {day}", "chain's end is not kept", $"""DELETE FROM "ChainHeads" WHERE "Chain" = 'ledger:{day}'""");
        await FindsAsync(portal, $"ledger {day}", "the day is missing",
            $"""DELETE FROM "ChainHeads" WHERE "Chain" = 'ledger:{day}'; DELETE FROM "LedgerEntries" WHERE "Day" = '{day}';""");
        await FindsAsync(portal, $"ledger {day}", "does not end as its kept end says", """UPDATE "ChainHeads" SET "Hash" = {0} """ + $"""WHERE "Chain" = 'ledger:{day}'""");
        await FindsAsync(portal, $"ledger {day}", "written past the chain's end", $"""UPDATE "ChainHeads" SET "Number" = "Number" - 2 WHERE "Chain" = 'ledger:{day}'""");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_movement_that_does_not_balance_is_found_even_where_the_chain_was_made_anew(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);

        var faults = await AfterAsync(portal, "I4", $"""UPDATE "LedgerEntries" SET "Debit" = "Debit" + 1 WHERE {Row}""");
        var books = await AfterAsync(portal, "I5", """UPDATE "LedgerEntries" SET "Debit" = "Debit" * 2, "Credit" = "Credit" * 2""");

        Assert.Contains(faults, fault => fault.StartsWith("movement ", StringComparison.Ordinal));
        Assert.Contains(books, fault => fault.StartsWith("payment ", StringComparison.Ordinal));
        Assert.Contains(books, fault => fault.StartsWith("account ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_changed_audit_entry_is_named_and_so_is_one_that_is_gone(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);
        var store = await portal.ReadAsync(db => db.Stores.SingleAsync());
        for (var act = 0; act < 5; act++)
        {
            await portal.Get<PortalWriter>().WriteAsync(
                async (db, ct) =>
                {
                    await db.AuditAsync(new Actor(store.Id, ActorKind.Person, "7", "Li Wei"), new(AuditActions.StoreChanged, "Tea", Reason: "a\nb"), DateTimeOffset.UnixEpoch, ct);
                    return true;
                },
                CancellationToken.None);
        }

        var last = await portal.ReadAsync(db => db.AuditEntries.MaxAsync(entry => entry.Number));
        foreach (var change in new[] { "\"ActorName\" = 'x'", "\"Target\" = ''", "\"AfterJson\" = '[]'", "\"Reason\" = NULL", "\"CorrelationId\" = 'b', \"Reason\" = 'a'", "\"Hash\" = {0}" })
        {
            var faults = await AfterAsync(portal, "I12", $"""UPDATE "AuditEntries" SET {change} WHERE "Number" = {last - 2}""");
            Assert.Contains($"audit no. {last - 2}", Assert.Single(faults, fault => fault.Contains("written", StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        Assert.Contains($"audit no. {last}", Assert.Single(await AfterAsync(portal, "I12", $"""DELETE FROM "AuditEntries" WHERE "Number" = {last}""")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Books_and_trail_refuse_to_be_changed_and_the_check_sees_when_they_would_not(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);
        await CloseADayAsync(portal);

        foreach (var statement in AppendOnlyTables.Names.SelectMany(table => new[] { $"""UPDATE "{table}" SET "StoreId" = "StoreId" """, $"""DELETE FROM "{table}" """ })
            .Concat(provider == DatabaseProvider.PostgreSql ? AppendOnlyTables.Names.Select(table => $"""TRUNCATE "{table}" """) : []))
        {
            var refusal = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => portal.Get<PortalWriter>().WriteAsync(
                (db, ct) => db.Database.ExecuteSqlRawAsync(statement, ct), CancellationToken.None));
            Assert.Contains("append-only", refusal.Message, StringComparison.Ordinal);
        }

        foreach (var (id, table) in new[] { ("I4", "LedgerEntries"), ("I12", "AuditEntries"), ("I12", "DayCloses") })
        {
            var dropped = await AfterAsync(portal, id, "SELECT 1");
            Assert.Empty(dropped);
            Assert.NotEmpty(await AfterAsync(portal, id, provider == DatabaseProvider.Sqlite ? $"""DROP TRIGGER "{table}_UPDATE" """ : $"""ALTER TABLE "{table}" DISABLE TRIGGER "{table}_change" """, keepTriggersOff: true));
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_closed_day_is_held_against_its_sheet_the_trail_and_the_books(DatabaseProvider provider)
    {
        await using var portal = await ShopAsync(provider);
        var day = await CloseADayAsync(portal);
        Assert.Empty(await AfterAsync(portal, "I12", "SELECT 1"));

        foreach (var (change, fault) in new[]
        {
            ("""UPDATE "DayCloses" SET "SheetJson" = REPLACE("SheetJson", '"day"', '"Day"')""", "its sheet was changed"),
            ($"""UPDATE "DayCloses" SET "SheetJson" = 'null', "Sha256" = '{Sha256Of("null")}'""", "the trail does not name its sheet"),
            ($"""UPDATE "ChainHeads" SET "Number" = "Number" + 2 WHERE "Chain" = '{LedgerEntry.Chain(day)}'""", "its books no longer end as its sheet says"),
        })
        {
            Assert.Contains($"closed day {day:yyyy-MM-dd}: {fault}", await AfterAsync(portal, "I12", change));
        }
    }

    private static string Sha256Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Closes the newest day of the books, past the question of bills.</summary>
    private static async Task<DateOnly> CloseADayAsync(PortalFactory portal)
    {
        var (storeId, day) = await portal.ReadAsync(async db =>
            (await db.Stores.Select(row => row.Id).SingleAsync(), await db.LedgerEntries.MaxAsync(row => row.Day)));
        await portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                var sheet = JsonSerializer.Serialize(await DaySheets.ReadAsync(db, storeId, day, ct), CloseDay.Json);
                var sha256 = Sha256Of(sheet);
                db.DayCloses.Add(new() { StoreId = storeId, Day = day, ClosedAt = DateTimeOffset.UnixEpoch, ClosedById = "1", ClosedBy = "Li Wei", SheetJson = sheet, Sha256 = sha256 });
                var li = new Actor(storeId, ActorKind.Person, "1", "Li Wei");
                await db.AuditAsync(li, new AuditAct(AuditActions.DayClosed, $"{day:yyyy-MM-dd}", After: new() { ["sha256"] = sha256 }), DateTimeOffset.UnixEpoch, ct);
                return true;
            },
            CancellationToken.None);
        return day;
    }

    private static async Task FindsAsync(PortalFactory portal, string place, string words, string sql)
    {
        var faults = await AfterAsync(portal, "I4", sql);
        Assert.Contains(faults, fault => fault.StartsWith(place, StringComparison.Ordinal) && fault.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>What the invariant says after the change; then everything is as before.</summary>
    private static async Task<List<string>> AfterAsync(PortalFactory portal, string id, string sql, bool keepTriggersOff = false)
    {
        var invariant = InvariantCheck.Invariants.Single(candidate => candidate.Id == id);
        var faults = new List<string>();
        await portal.Get<PortalWriter>().RehearseAsync(
            async (db, ct) =>
            {
                await db.Database.ExecuteSqlRawAsync(keepTriggersOff ? "SELECT 1" : Unprotected(db), ct);
                await db.Database.ExecuteSqlRawAsync(sql, [new byte[32]], ct);
                if (!keepTriggersOff)
                {
                    await AppendOnlyTables.CreateAsync(db, ct);
                }

                await foreach (var fault in invariant.FindBreachesAsync(db, ct))
                {
                    faults.Add(fault);
                }

                return true;
            },
            CancellationToken.None);
        return faults;
    }

    private static string Unprotected(PortalDbContext db) => string.Join(' ', AppendOnlyTables.Names.SelectMany(table => db is SqlitePortalDbContext
        ? new[] { $"""DROP TRIGGER "{table}_UPDATE"; DROP TRIGGER "{table}_DELETE";""" }
        : [$"""DROP TRIGGER "{table}_change" ON "{table}"; DROP TRIGGER "{table}_truncate" ON "{table}";"""]));

    private static async Task<PortalFactory> ShopAsync(DatabaseProvider provider)
    {
        var portal = await PortalFactory.StartAsync(provider);
        await portal.WriteAsync(db => db.Stores.Add(new Store { Name = "Tea", CreatedAt = DateTimeOffset.UnixEpoch }));
        Assert.IsType<SeedHistoryResult.Seeded>(await portal.Get<SeedHistory>().ExecuteAsync(2_000, 5, new Progress<int>(), CancellationToken.None));
        return portal;
    }
}
