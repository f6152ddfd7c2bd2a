using Bunit;
using MerchantPortal.Products;
using MerchantPortal.Products.Pages;
using MerchantPortal.Tests.Orders;
using MerchantPortal.Tests.Orders.Pages;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Products.Pages;

public sealed class ProductListTests
{
    [Fact]
    public async Task The_first_product_is_made_from_the_empty_page()
    {
        await using var shop = await OrderShop.OpenAsync();
        await using var pages = new OrderPages(shop);
        var list = pages.Open<ProductList>("/products");
        await list.WaitForElement(".empty button").ClickAsync(new());
        var panel = pages.Floating;
        panel.WaitForElement("form.form");

        await panel.Find("input[maxlength='200']").ChangeAsync(new() { Value = "龙井" });
        await panel.Find("input[inputmode=decimal]").ChangeAsync(new() { Value = "12.3.4" });
        await panel.Find("form.form").SubmitAsync();
        panel.WaitForAssertion(() => Assert.Contains("such as 12.34", panel.Find(".form-fault").TextContent, StringComparison.Ordinal));

        await panel.Find("input[inputmode=decimal]").ChangeAsync(new() { Value = "128.00" });
        await panel.Find("form.form").SubmitAsync();

        list.WaitForAssertion(() => Assert.Contains("¥128.00", list.Find(".product").TextContent, StringComparison.Ordinal));
        panel.WaitForAssertion(() => Assert.Empty(panel.FindAll("form")));
        Assert.Equal(12_800, (await shop.Portal.ReadAsync(db => db.Products.SingleAsync())).Price);
    }

    [Fact]
    public async Task Archiving_can_be_taken_back_on_the_spot()
    {
        await using var shop = await OrderShop.OpenAsync();
        await shop.Portal.Get<SaveProduct>().ExecuteAsync(null, null, new ProductForm("龙井", "", 100, null, 0), shop.Actor, CancellationToken.None);
        await using var pages = new OrderPages(shop);
        var list = pages.Open<ProductList>("/products");
        list.WaitForElement(".product");
        Assert.Contains("Sold out", list.Find(".product").TextContent, StringComparison.Ordinal);

        await list.FindAll(".product-actions button")[1].ClickAsync(new());
        list.WaitForAssertion(() => Assert.Empty(list.FindAll(".product")));

        await list.Find(".notice button").ClickAsync(new());
        list.WaitForAssertion(() => Assert.Single(list.FindAll(".product")));
        Assert.Null((await shop.Portal.ReadAsync(db => db.Products.SingleAsync())).ArchivedAt);
    }
}
