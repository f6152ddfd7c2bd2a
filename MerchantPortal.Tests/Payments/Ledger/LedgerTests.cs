using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Ledger;

public sealed class LedgerTests
{
    private const int Writers = 20;

    public static TheoryData<DatabaseProvider, int> Runs { get; } = new()
    {
        { DatabaseProvider.Sqlite, 1 }, { DatabaseProvider.Sqlite, 2 }, { DatabaseProvider.Sqlite, 3 }, { DatabaseProvider.PostgreSql, 4 }, { DatabaseProvider.PostgreSql, 5 },
    };

    /// <summary>Pay, pay twice, pay late, say it again, refund at the gateway, replay: whatever comes when, the books say what the rows say.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Any_interleaving_leaves_debits_equal_to_credits_and_orders_equal_to_the_books(DatabaseProvider provider, int seed)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var random = new Random(seed);
        var steps = new List<Func<Task>>();
        for (var order = 0; order < 6; order++)
        {
            var message = await fixture.PromptedAsync();
            var number = message.OutTradeNo ?? "";
            var id = await fixture.Portal.ReadAsync(db => db.Attempts.Where(row => row.OutTradeNo == number).Select(row => row.OrderId).SingleAsync());
            var refund = message with { Kind = NotificationKind.RefundSucceeded, RefundNo = $"R-{number}", RefundAmount = 300 + (order * 100) };
            steps.AddRange(
            [
                () => fixture.PostAsync(message), () => fixture.PostAsync(message), () => fixture.PostAsync(message with { Id = Guid.NewGuid().ToString("N") }),
                () => fixture.PostAsync(message with { TransactionId = $"B-{number}" }), () => fixture.PostAsync(refund), () => fixture.PostAsync(refund),
                () => fixture.Portal.Get<CloseOrder>().ExecuteAsync(id, fixture.Staff, CancellationToken.None), () => ReplayAnyAsync(fixture, random),
            ]);
        }

        var shuffled = steps.OrderBy(_ => random.Next()).ToList();
        foreach (var step in shuffled)
        {
            await step();
        }

        var verdicts = await fixture.Portal.Get<InvariantCheck>().RunAsync(CancellationToken.None);
        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, $"seed {seed}: {verdict}"));
        var books = await fixture.Portal.ReadAsync(db => db.LedgerEntries.ToListAsync());
        var orders = await fixture.Portal.ReadAsync(db => db.Orders.ToListAsync());
        Assert.NotEmpty(books);
        Assert.Equal(books.Sum(entry => entry.Debit), books.Sum(entry => entry.Credit));
        Assert.Equal(orders.Sum(order => order.PaidAmount), books.Where(entry => entry.Account == LedgerAccount.Sales).Sum(entry => entry.Credit));
        Assert.Equal(orders.Sum(order => order.RefundedAmount), books.Where(entry => entry.Account == LedgerAccount.Refunds).Sum(entry => entry.Debit));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Twenty_writers_at_once_leave_both_chains_without_a_gap(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var writer = fixture.Portal.Get<PortalWriter>();
        var at = fixture.Time.GetUtcNow();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(index => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++)
            {
                var posting = new Posting(fixture.Store.Id, fixture.Account.Id, null, LedgerMovement.Fee, Guid.CreateVersion7(), index + 1, at);
                await writer.WriteAsync(
                    async (db, ct) =>
                    {
                        await db.PostAsync(posting, ct);
                        await db.AuditAsync(fixture.Staff, new(AuditActions.StoreChanged, $"{index}"), at, ct);
                        return true;
                    },
                    CancellationToken.None);
            }
        })));

        Assert.Equal(Enumerable.Range(1, Writers * 10).Select(number => (long)number),
            await fixture.Portal.ReadAsync(db => db.LedgerEntries.OrderBy(entry => entry.Number).Select(entry => entry.Number).ToListAsync()));
        Assert.Equal(Enumerable.Range(1, Writers * 5).Select(number => (long)number),
            await fixture.Portal.ReadAsync(db => db.AuditEntries.OrderBy(entry => entry.Number).Select(entry => entry.Number).ToListAsync()));
        await fixture.Portal.AssertInvariantsAsync();
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_books_tell_an_orders_entries_and_a_days_anchor(DatabaseProvider provider)
    {
        using var fixture = await NotificationFixture.StartAsync(provider);
        var queries = fixture.Portal.Get<LedgerQueries>();
        var message = await fixture.PromptedAsync();
        await fixture.PostAsync(message);
        var order = await fixture.OrderAsync();
        var day = BeijingTime.Day(fixture.Time.GetUtcNow());

        var entries = await queries.OfOrderAsync(fixture.Store.Id, order.Id, CancellationToken.None);
        var anchor = await fixture.Portal.ReadAsync(db => db.AnchorAsync(fixture.Store.Id, day, CancellationToken.None));

        Assert.Equal([(LedgerAccount.GatewayBalance, 1280L, 0L), (LedgerAccount.Sales, 0L, 1280L)], entries.Select(entry => (entry.Account, entry.Debit, entry.Credit)));
        Assert.Equal((day, 2, Convert.ToHexStringLower(entries[1].Hash)), (anchor?.Day, anchor?.Entries, anchor?.Hash));
        Assert.Null(await fixture.Portal.ReadAsync(db => db.AnchorAsync(fixture.Store.Id, day.AddDays(1), CancellationToken.None)));
        Assert.Empty(await queries.OfOrderAsync(Guid.NewGuid(), order.Id, CancellationToken.None));
        await fixture.Portal.Get<PortalWriter>().WriteAsync(
            async (db, ct) =>
            {
                await db.PostAsync(new Posting(fixture.Store.Id, entries[0].ChannelAccountId, order.Id, LedgerMovement.Fee, Guid.NewGuid(), 8, fixture.Time.GetUtcNow()), ct);
                return true;
            },
            CancellationToken.None);
        Assert.Equal([LedgerMovement.Payment, LedgerMovement.Payment, LedgerMovement.Fee, LedgerMovement.Fee],
            (await queries.OfOrderAsync(fixture.Store.Id, order.Id, CancellationToken.None)).Select(entry => entry.Movement));
    }

    private static async Task ReplayAnyAsync(NotificationFixture fixture, Random random)
    {
        var captures = await fixture.InboxAsync();
        if (captures.Count > 0)
        {
            await fixture.ReplayAsync(captures[random.Next(captures.Count)].Id);
        }
    }
}
