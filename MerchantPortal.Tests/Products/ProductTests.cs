using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Products;
using MerchantPortal.Tests.Orders;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Products;

public sealed class ProductTests
{
    private static readonly ProductForm Tea = new("龙井", "明前", 12_800, null, 5);

    [Fact]
    public async Task A_product_is_kept_as_it_was_entered()
    {
        await using var shop = await OrderShop.OpenAsync();

        var saved = Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, null, null, Tea with { Name = " 龙井 " }));

        var row = await shop.Portal.ReadAsync(db => db.Products.SingleAsync());
        Assert.Equal((saved.Product.Id, "龙井", 12_800L, (int?)5), (row.Id, row.Name, row.Price, row.Stock));
    }

    [Theory]
    [InlineData("", 1, 0, null, "Name", "name_missing")]
    [InlineData("a\u202Eb", 1, 0, null, "Name", "name_invalid")]
    [InlineData("茶", 0, 0, null, "Price", "price_out_of_range")]
    [InlineData("茶", Money.MaxOrderAmount + 1, 0, null, "Price", "price_out_of_range")]
    [InlineData("茶", 1, -1, null, "Stock", "stock_out_of_range")]
    [InlineData("茶", 1, 0, "http://example.com/a.png", "ImageUrl", "image_url_invalid")]
    [InlineData("茶", 1, 0, "javascript:alert(1)", "ImageUrl", "image_url_invalid")]
    [InlineData("茶", 1, 0, "/media/../orders", "ImageUrl", "image_url_invalid")]
    public async Task What_no_shop_could_mean_is_refused_by_field(string name, long price, int stock, string? image, string field, string code)
    {
        await using var shop = await OrderShop.OpenAsync();

        var invalid = Assert.IsType<SaveProductResult.Invalid>(await SaveAsync(shop, null, null, new ProductForm(name, "", price, image, stock)));

        Assert.Equal(code, invalid.Errors[field]);
        Assert.False(await shop.Portal.ReadAsync(db => db.Products.AnyAsync()));
    }

    [Fact]
    public async Task A_change_made_on_an_old_version_is_refused_so_that_sold_pieces_stay_sold()
    {
        await using var shop = await OrderShop.OpenAsync();
        var product = Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, null, null, Tea)).Product;
        await OrderAsync(shop, product.Id, 2);

        var refused = Assert.IsType<SaveProductResult.ChangedMeanwhile>(await SaveAsync(shop, product.Id, product.Version, Tea with { Price = 1 }));

        Assert.Equal(3, refused.Current.Stock);
        Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, product.Id, refused.Current.Version, Tea with { Stock = 3, Price = 1 }));
    }

    [Fact]
    public async Task A_product_of_another_store_cannot_be_changed_or_archived()
    {
        await using var shop = await OrderShop.OpenAsync();
        var product = Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, null, null, Tea)).Product;
        var stranger = shop.Actor with { StoreId = Guid.CreateVersion7() };

        Assert.IsType<SaveProductResult.NotFound>(await shop.Portal.Get<SaveProduct>().ExecuteAsync(product.Id, null, Tea, stranger, CancellationToken.None));
        Assert.Null(await shop.Portal.Get<ArchiveProduct>().ExecuteAsync(product.Id, true, stranger, CancellationToken.None));
    }

    [Fact]
    public async Task An_archived_product_leaves_the_list_and_cannot_be_ordered_until_it_is_restored()
    {
        await using var shop = await OrderShop.OpenAsync();
        var product = Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, null, null, Tea)).Product;
        var archive = shop.Portal.Get<ArchiveProduct>();

        await archive.ExecuteAsync(product.Id, true, shop.Actor, CancellationToken.None);
        Assert.Empty(await NamesAsync(shop, archived: false));
        Assert.Equal(["龙井"], await NamesAsync(shop, archived: true));
        Assert.Equal("product_unknown", Assert.IsType<PlaceOrderResult.Refused>(await OrderAsync(shop, product.Id, 1)).Code);

        await archive.ExecuteAsync(product.Id, false, shop.Actor, CancellationToken.None);
        Assert.Equal(["龙井"], await NamesAsync(shop, archived: false));
        Assert.IsType<PlaceOrderResult.Placed>(await OrderAsync(shop, product.Id, 1));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_list_pages_and_searches_by_part_of_a_name(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        foreach (var name in new[] { "Green tea", "龙井茶", "Cup", "红茶", "TEA pot" })
        {
            await SaveAsync(shop, null, null, Tea with { Name = name });
        }

        var queries = shop.Portal.Get<ProductQueries>();
        var first = await queries.PageAsync(shop.StoreId, null, false, null, 3, CancellationToken.None);
        var second = await queries.PageAsync(shop.StoreId, null, false, first.Rows[^1].Id, 3, CancellationToken.None);

        Assert.True(first.HasMore);
        Assert.False(second.HasMore);
        Assert.Equal(["Cup", "Green tea", "TEA pot", "红茶", "龙井茶"], first.Rows.Concat(second.Rows).Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["Green tea", "TEA pot"], (await queries.PageAsync(shop.StoreId, "tea", false, null, 9, CancellationToken.None))
            .Rows.Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await queries.PageAsync(shop.StoreId, "茶", false, null, 9, CancellationToken.None)).Rows.Count);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Of_many_orders_for_the_last_piece_at_once_exactly_one_gets_it(DatabaseProvider provider)
    {
        await using var shop = await OrderShop.OpenAsync(provider);
        var product = Assert.IsType<SaveProductResult.Saved>(await SaveAsync(shop, null, null, Tea with { Stock = 1 })).Product;

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OrderAsync(shop, product.Id, 1)));

        Assert.Single(results.OfType<PlaceOrderResult.Placed>());
        Assert.All(results.OfType<PlaceOrderResult.Refused>(), refused => Assert.Equal("out_of_stock", refused.Code));
        Assert.Equal(0, (await shop.Portal.ReadAsync(db => db.Products.SingleAsync())).Stock);
    }

    private static Task<SaveProductResult> SaveAsync(OrderShop shop, Guid? id, int? version, ProductForm form) =>
        shop.Portal.Get<SaveProduct>().ExecuteAsync(id, version, form, shop.Actor, CancellationToken.None);

    private static Task<PlaceOrderResult> OrderAsync(OrderShop shop, Guid productId, int quantity) =>
        shop.Portal.Get<PlaceOrder>().ExecuteAsync(new NewOrder(PaymentMode.Test, [new(productId, quantity)]), shop.Actor, CancellationToken.None);

    private static async Task<IEnumerable<string>> NamesAsync(OrderShop shop, bool archived) =>
        (await shop.Portal.Get<ProductQueries>().PageAsync(shop.StoreId, null, archived, null, 9, CancellationToken.None)).Rows.Select(row => row.Name);
}
