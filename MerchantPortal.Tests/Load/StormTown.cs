using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// Stores of one portal, each with an account of its own, that are notified at once: the second half as often as the first, the third a third
/// as often (Zipf).
/// </summary>
internal sealed class StormTown
{
    private readonly Random _random = new(1);
    private readonly List<StormShop> _shops = [];

    public IReadOnlyList<StormShop> Shops => _shops;

    public static async Task<StormTown> CreateAsync(PortalFactory portal, WeChatPlatform platform, int shops)
    {
        var town = new StormTown();
        for (var shop = 0; shop < shops; shop++)
        {
            town._shops.Add(await StormShop.CreateAsync(portal, platform, 0));
        }

        return town;
    }

    /// <summary>A side that sends to all of them, in no order.</summary>
    public StormSide Side(HttpClient client) => new(client, NextAsync);

    private async Task<IReadOnlyList<Func<HttpRequestMessage>>> NextAsync(int count)
    {
        var requests = new List<Func<HttpRequestMessage>>(count);
        foreach (var (shop, share) in Enumerable.Range(0, count).CountBy(_ => Draw()))
        {
            requests.AddRange((await _shops[shop].SignNextAsync(share)).Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(_shops[shop].NotifyUrl))));
        }

        var mixed = requests.ToArray();
        _random.Shuffle(mixed);
        return mixed;
    }

    private int Draw()
    {
        var left = _random.NextDouble() * Enumerable.Range(1, _shops.Count).Sum(rank => 1.0 / rank);
        var shop = 0;
        while (shop < _shops.Count - 1 && (left -= 1.0 / (shop + 1)) > 0)
        {
            shop++;
        }

        return shop;
    }
}
