using MerchantPortal.Data;
using MerchantPortal.Subscriptions;
using MerchantPortal.Tests.Api;

namespace MerchantPortal.Tests.Subscriptions;

public sealed class SubscriptionsApiTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Subscriptions_are_listed_with_their_charges_page_by_page(DatabaseProvider provider)
    {
        await using var shop = await ApiShop.OpenAsync(provider);
        var account = await SubscriptionShop.AddAccountAsync(shop.Portal, shop.StoreId);
        foreach (var number in new[] { "sub-1", "sub-2", "sub-3" })
        {
            await AddAsync(shop, account, number);
        }

        var first = (await shop.GetAsync("/subscriptions?limit=2")).Must(200);
        var rest = (await shop.GetAsync($"/subscriptions?limit=2&cursor={first["next_cursor"]}")).Must(200);

        Assert.Equal(["sub-3", "sub-2"], first["items"]!.AsArray().Select(item => (string)item!["subscription_id"]!));
        var last = Assert.Single(rest["items"]!.AsArray())!;
        Assert.Null(rest["next_cursor"]);
        Assert.Equal(("sub-1", "active", 2_900, "CNY", "****6688"), ((string)last["subscription_id"]!, (string)last["status"]!, (long)last["collected"]!, (string)last["currency"]!, (string)last["card_masked"]!));
        Assert.Equal(["failed", "succeeded"], last["charges"]!.AsArray().Select(charge => (string)charge!["status"]!));
    }

    [Fact]
    public async Task A_key_needs_the_scope_and_sees_its_own_store_only()
    {
        await using var shop = await ApiShop.OpenAsync();
        await AddAsync(shop, await SubscriptionShop.AddAccountAsync(shop.Portal, shop.StoreId), "sub-1");
        await using var other = await shop.OtherStoreAsync();

        Assert.Empty((await other.GetAsync("/subscriptions")).Must(200)["items"]!.AsArray());
        Assert.Equal("scope_missing", (string)(await shop.GetAsync("/subscriptions", await shop.AddKeyAsync("callbacks:read"))).Must(403)["code"]!);
        (await shop.GetAsync("/subscriptions", "")).Must(401);
    }

    private static async Task AddAsync(ApiShop shop, Guid accountId, string number)
    {
        var subscription = new Subscription
        {
            StoreId = shop.StoreId,
            ChannelAccountId = accountId,
            ChannelSubscriptionId = number,
            Status = SubscriptionStatus.Active,
            CardMasked = "****6688",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        await shop.Portal.WriteAsync(db => db.Add(subscription));
        foreach (var status in Enum.GetValues<SubscriptionChargeStatus>())
        {
            await shop.Portal.WriteAsync(db => db.Add(new SubscriptionCharge
            {
                StoreId = shop.StoreId,
                ChannelAccountId = accountId,
                SubscriptionId = subscription.Id,
                ChannelChargeId = $"{number}-{status}",
                Amount = 2_900,
                Status = status,
                OccurredAt = DateTimeOffset.UnixEpoch,
                RecordedAt = DateTimeOffset.UnixEpoch,
            }));
        }
    }
}
