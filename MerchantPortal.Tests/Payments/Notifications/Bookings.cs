using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Proven messages, and the two ways of booking them.</summary>
internal static class Bookings
{
    public static async Task<Arrival> PromptedAsync(NotificationFixture fixture) => await ArrivalAsync(fixture, await fixture.PromptedAsync());

    public static async Task<Arrival> ArrivalAsync(NotificationFixture fixture, FakeMessage message)
    {
        var account = await fixture.Portal.Get<PaymentChannels>().FindAsync(fixture.Account.Id, CancellationToken.None);
        Assert.NotNull(account);
        using var request = FakeGateway.Notify(fixture.Account, message);
        Assert.NotNull(request.Content);
        var raw = new RawNotification(
            fixture.Account.Id, FakeChannelDefinition.Name, "POST", "/notify", "",
            request.Headers.Concat(request.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join('\n', header.Value)),
            await request.Content.ReadAsByteArrayAsync(), fixture.Time.GetUtcNow(), "127.0.0.1");
        var proof = await fixture.Portal.Get<ProveNotification>().ExecuteAsync(account, raw, null, isArrival: true, CancellationToken.None);
        var by = new AttemptBy(Actor.Gateway(fixture.Store.Id, fixture.Account.Id, FakeChannelDefinition.Name), null, fixture.Time.GetUtcNow());
        return new Arrival(account, raw, Assert.IsType<Proof.Genuine>(proof), by);
    }

    public static async Task<IReadOnlyList<Arrival>> BookTogetherAsync(PortalDbContext db, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        var paid = await BookTogether.DecideAsync(db, arrivals, cancellationToken);
        await BookTogether.WriteAsync(db, paid, cancellationToken);
        return [.. paid.Select(booked => booked.Arrival)];
    }

    public static async Task<bool> BookAloneAsync(NotificationFixture fixture, PortalDbContext db, Arrival arrival, CancellationToken cancellationToken)
    {
        var entry = CaptureStore.NewInboxEntry(arrival.Raw, arrival.Account.Account);
        db.Inbox.Add(entry);
        var verdict = await fixture.Portal.Get<BookNotification>().ExecuteAsync(db, entry, arrival.Account, arrival.Genuine, arrival.By, cancellationToken);
        CaptureStore.AddAttempt(db, entry, verdict, arrival.By);
        return true;
    }
}
