using System.Globalization;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Tests.Orders;

namespace MerchantPortal.Tests.Payments;

public sealed class PlaceTrialOrderTests
{
    [Theory]
    [InlineData("zh-CN", "账号自检付款")]
    [InlineData("en", "Account check payment")]
    public async Task The_order_that_an_account_is_tried_with_says_what_it_is_for(string language, string subject)
    {
        await using var shop = await OrderShop.OpenAsync();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

        var placed = Assert.IsType<PlaceOrderResult.Placed>(await shop.Portal.Get<PlaceTrialOrder>().ExecuteAsync(shop.Actor, CancellationToken.None));

        Assert.Equal((subject, 1, PaymentMode.Test), (placed.Order.Subject, placed.Order.Amount, placed.Order.Mode));
    }
}
