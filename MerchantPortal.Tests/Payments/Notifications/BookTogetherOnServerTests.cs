using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MerchantPortal.Tests.Payments.Notifications.Bookings;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>What booking together asks of PostgreSQL, where each question is a journey and others write at the same time.</summary>
public sealed class BookTogetherOnServerTests
{
    /// <summary>Asked for the rows, for the locks, to write everything, and to commit (which is not counted here).</summary>
    private const int RoundTrips = 3;

    [Fact]
    public async Task However_many_wait_and_of_however_many_stores_the_server_is_asked_as_often()
    {
        using var fixture = await NotificationFixture.StartAsync(DatabaseProvider.PostgreSql);
        var other = await fixture.AddStoreAsync();
        Arrival[] arrivals = [await PromptedAsync(fixture), await PromptedAsync(other), await PromptedAsync(fixture), await PromptedAsync(other)];
        foreach (var batch in (Arrival[][])[[arrivals[0]], arrivals[1..]])
        {
            using var asked = new ActivityCounter("Npgsql");
            var booked = await fixture.Portal.Get<PortalWriter>().WriteAsync((db, ct) => BookTogetherAsync(db, batch, ct), CancellationToken.None);

            Assert.Equal(batch, booked);
            Assert.Equal(RoundTrips, asked.Count);
        }
    }

    /// <summary>In another order of their locks the server would end one of them after a second, and it would have to begin again.</summary>
    [Fact]
    public async Task One_who_books_alone_and_one_who_books_together_never_wait_for_each_other()
    {
        using var fixture = await NotificationFixture.StartAsync(DatabaseProvider.PostgreSql);
        var (alone, together) = (await PromptedAsync(fixture), await PromptedAsync(fixture));
        var writer = fixture.Portal.Get<PortalWriter>();
        var (turnsAlone, turnsTogether, booking) = (0, 0, Task.CompletedTask);
        await writer.WriteAsync(
            async (db, ct) =>
            {
                turnsAlone++;
                await HashChain.LockAsync(db, fixture.Store.Id, LedgerEntry.Chain(BeijingTime.Day(fixture.Time.GetUtcNow())), ct);
                booking = turnsAlone > 1 ? booking : Task.Run(() => writer.WriteAsync(
                    (other, _) =>
                    {
                        turnsTogether++;
                        return BookTogetherAsync(other, [together], ct);
                    },
                    ct));
                await AnotherWaitsAsync(fixture);
                return await BookAloneAsync(fixture, db, alone, ct);
            },
            CancellationToken.None);
        await booking;

        Assert.Equal((1, 1), (turnsAlone, turnsTogether));
        await fixture.Portal.AssertInvariantsAsync();
    }

    private static async Task AnotherWaitsAsync(NotificationFixture fixture)
    {
        using var enough = new CancellationTokenSource(Patience.Limit);
        while (!await fixture.Portal.ReadAsync(db => db.Database.SqlQueryRaw<bool>(
            """SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS "Value" """).SingleAsync(enough.Token)))
        {
            enough.Token.ThrowIfCancellationRequested();
        }
    }
}
