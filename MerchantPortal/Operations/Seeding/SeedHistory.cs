using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Products;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Seeding;

/// <summary>
/// Writes a shop's believable past in bulk: orders, payments, refunds, timelines and feed that keep every invariant. The same seed
/// at the same time makes the same history.
/// </summary>
internal sealed class SeedHistory(IDbContextFactory<PortalDbContext> contexts, PortalWriter writer, SeedAccounts accounts, TimeProvider time)
{
    private const int OrdersPerCommit = 2_000;

    private static readonly (string Name, long Price)[] Catalogue =
    [
        ("珍珠奶茶", 1_600), ("生椰拿铁", 1_800), ("美式咖啡", 1_200), ("抹茶拿铁", 1_900), ("芝士蛋糕", 2_800), ("可颂", 1_100),
        ("牛角三明治", 2_200), ("挂耳咖啡礼盒", 12_800), ("陶瓷马克杯", 6_900), ("杨枝甘露", 2_100), ("柠檬气泡水", 1_400), ("提拉米苏", 3_200),
    ];

    /// <param name="progress">Told the number of orders written so far.</param>
    public async Task<SeedHistoryResult> ExecuteAsync(int orders, int seed, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(seed);
        var store = await FirstStoreAsync(cancellationToken);
        var paidThrough = await accounts.EnsureAsync(store.Id, cancellationToken);
        if (paidThrough.Count == 0)
        {
            return new SeedHistoryResult.Refused("The store has no test channel account and there is no channel to make one of.");
        }

        var products = await ProductsAsync(store.Id, random, cancellationToken);
        var times = ShopCalendar.Times(orders, store.TimeZone, time.GetUtcNow(), random);
        var story = new OrderStory(store.Id, products, paidThrough, random);
        var written = 0;
        foreach (var part in times.Chunk(OrdersPerCommit))
        {
            var chunk = new HistoryChunk(store.Id, random);
            foreach (var at in part)
            {
                story.Tell(chunk, at);
            }

            if (written == 0 && await IsThereAsync(chunk, cancellationToken))
            {
                return new SeedHistoryResult.Refused($"The history of seed {seed} is there already; choose another with --seed.");
            }

            written += await writer.WriteAsync(chunk.WriteAsync, cancellationToken);
            progress.Report(written);
        }

        return new SeedHistoryResult.Seeded(store.Name);
    }

    private async Task<Store> FirstStoreAsync(CancellationToken cancellationToken) => await writer.WriteAsync(
        async (db, ct) =>
        {
            var store = await db.Stores.OrderBy(row => row.Id).FirstOrDefaultAsync(ct);
            return store ?? db.Stores.Add(new Store { Name = "Demo", CreatedAt = time.GetUtcNow() }).Entity;
        },
        cancellationToken);

    private async Task<IReadOnlyList<Product>> ProductsAsync(Guid storeId, SeededRandom random, CancellationToken cancellationToken)
    {
        var opened = time.GetUtcNow().AddDays(-ShopCalendar.Days - 1);
        var catalogue = Catalogue.Select(item => new Product
        {
            Id = random.Id(opened),
            StoreId = storeId,
            Name = item.Name,
            Price = item.Price,
            CreatedAt = opened,
        }).ToList();
        return await writer.WriteAsync<IReadOnlyList<Product>>(
            async (db, ct) =>
            {
                var existing = await db.Products.Where(row => row.StoreId == storeId && row.ArchivedAt == null).OrderBy(row => row.Id).Take(50).ToListAsync(ct);
                if (existing.Count == 0)
                {
                    db.Products.AddRange(catalogue);
                }

                return existing.Count == 0 ? catalogue : existing;
            },
            cancellationToken);
    }

    private async Task<bool> IsThereAsync(HistoryChunk chunk, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var token = chunk.Orders[0].CheckoutToken;
        return await db.Orders.AnyAsync(row => row.CheckoutToken == token, cancellationToken);
    }
}

internal abstract record SeedHistoryResult
{
    public sealed record Seeded(string StoreName) : SeedHistoryResult;

    /// <param name="Message">What to do, for the operator.</param>
    public sealed record Refused(string Message) : SeedHistoryResult;
}
