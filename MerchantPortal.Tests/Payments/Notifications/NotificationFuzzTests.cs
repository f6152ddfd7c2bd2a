using System.Diagnostics;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Sandbox;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>
/// Strangers may send anything to a notify address. One genuine notification of every channel that the sandbox plays is damaged by
/// seed for a minute: nobody crashes, no order changes, nothing grows without end.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class NotificationFuzzTests
{
    private const int Seed = 20260121;
    private const int Parallel = 4;
    private const long MaxGrowth = 128 * 1024 * 1024;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_minute_of_damaged_notifications_changes_no_order_and_crashes_nothing()
    {
        await using var portal = await PortalFactory.StartAsync();
        var store = new Store { Name = "茶铺" };
        await portal.WriteAsync(db => db.Stores.Add(store));
        var genuine = new List<NotifyRequest>();
        foreach (var channel in portal.Services.GetServices<ISandboxGateway>().Select(gateway => gateway.Channel))
        {
            genuine.Add(await GenuineAsync(portal, store, channel));
        }

        var before = await StateAsync(portal);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();

        var failures = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(worker => AttackAsync(portal, genuine, Seed + worker, clock)));

        Assert.Empty(failures.SelectMany(failure => failure).Take(20));
        Assert.Equal(before, await StateAsync(portal));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, MaxGrowth);
        Assert.All(await portal.ReadAsync(db => db.RejectedCaptures.GroupBy(row => row.ChannelAccountId).Select(group => group.Count()).ToListAsync()),
            kept => Assert.InRange(kept, 1, CaptureStore.RingSize));
        await portal.AssertInvariantsAsync();
    }

    /// <returns>What must not happen, each with the seed and the step that bring it back.</returns>
    private static async Task<List<string>> AttackAsync(PortalFactory portal, List<NotifyRequest> genuine, int seed, Stopwatch clock)
    {
        var random = new Random(seed);
        var failures = new List<string>();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = portal.Address };
        for (var step = 0; clock.Elapsed < Length && failures.Count < 20; step++)
        {
            var damaged = Mutation.Of(genuine[random.Next(genuine.Count)], random);
            try
            {
                using var request = ToHttp(damaged);
                using var response = await client.SendAsync(request);
                if ((int)response.StatusCode is >= 500 or (>= 300 and < 400) || response.Headers.Contains("Set-Cookie"))
                {
                    failures.Add($"seed {seed} step {step}: {(int)response.StatusCode} from {damaged.Path}");
                }
            }
            catch (HttpRequestException exception) when (exception.InnerException is IOException)
            {
                // A body over the cap is cut off while it is still being sent; that is an answer.
            }
        }

        return failures;
    }

    private static HttpRequestMessage ToHttp(NotifyRequest damaged)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, damaged.Path + damaged.Query) { Content = new ByteArrayContent(damaged.Body) };
        foreach (var (name, value) in damaged.Headers)
        {
            if (name == "content-type")
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>What a channel's gateway really sent for a payment that is booked.</summary>
    private static async Task<NotifyRequest> GenuineAsync(PortalFactory portal, Store store, string channel)
    {
        var form = await portal.Get<RegisterSandboxMerchant>().ExecuteAsync(channel, CancellationToken.None) ?? [];
        var actor = Actor.System(store.Id);
        var saved = Assert.IsType<SaveChannelAccountResult.Saved>(await portal.Get<SaveChannelAccount>().ExecuteAsync(
            null, new ChannelAccountForm(channel, channel, PaymentMode.Test, form), actor, CancellationToken.None));
        var methods = portal.Get<PaymentChannels>().Definition(channel)?.Methods ?? [];
        Assert.IsType<TryPaymentResult.Paid>(await portal.Get<TryPayment>().ExecuteAsync(saved.AccountId, methods, actor, CancellationToken.None));
        var sent = await portal.ReadAsync(db => db.Inbox.AsNoTracking().FirstAsync(row => row.ChannelAccountId == saved.AccountId));
        return new NotifyRequest(sent.Path, sent.QueryString, JsonSerializer.Deserialize<Dictionary<string, string>>(sent.HeadersJson.ToString()) ?? [], sent.Body);
    }

    /// <summary>Everything that money hangs on.</summary>
    private static Task<string> StateAsync(PortalFactory portal) => portal.ReadAsync(async db => JsonSerializer.Serialize(new
    {
        Orders = await db.Orders.AsNoTracking().OrderBy(row => row.Id).ToListAsync(),
        Attempts = await db.Attempts.AsNoTracking().OrderBy(row => row.Id).ToListAsync(),
        Payments = await db.Payments.AsNoTracking().OrderBy(row => row.Id).ToListAsync(),
        Refunds = await db.Refunds.AsNoTracking().OrderBy(row => row.Id).ToListAsync(),
        // Deliveries of the genuine payments may still be reported while the attack runs.
        Timeline = await db.Timeline.CountAsync(row => row.Kind != TimelineKind.DeliveryReported),
        Feed = await db.Feed.CountAsync(row => row.Kind != TimelineKind.DeliveryReported),
    }));
}
