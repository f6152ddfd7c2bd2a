using Bunit;
using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Orders.Pages;

public sealed class OrderDetailTests
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task The_page_tells_money_attempts_and_what_happened_newest_first()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, amount: 500);
        var attempt = await shop.AddAttemptAsync(order, "alipay", AttemptStatus.Paid, "2026060122001");
        await shop.PayAsync(order);
        await shop.Portal.Get<SaveOrderNote>().ExecuteAsync(order.Id, null, "少糖", shop.Actor, CancellationToken.None);
        await using var pages = new OrderPages(shop);

        var page = Open(pages, order.Number);

        Assert.Equal(["Note changed", "¥5.00 received"], page.FindAll(".timeline li p:first-child").Select(line => line.TextContent));
        Assert.Contains("小李", page.Find(".timeline li").TextContent, StringComparison.Ordinal);
        Assert.Contains("少糖", page.Find(".timeline-detail").TextContent, StringComparison.Ordinal);
        Assert.Equal(["¥5.00", "¥0.00", "¥5.00"], page.FindAll(".facts-money dd").Select(cell => cell.TextContent.Trim()));
        Assert.Contains(attempt.OutTradeNo, page.Markup, StringComparison.Ordinal);
        Assert.Contains("2026060122001", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_from_before_the_payment_says_so_instead_of_contradicting_it()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, OrderStatus.Paid, amount: 500);
        var attempt = await shop.AddAttemptAsync(order, "wechat-v3", AttemptStatus.Paid, "4200000001");
        await shop.Portal.WriteAsync(db =>
        {
            db.Attempts.Attach(attempt);
            attempt.HearQuery(NotificationKind.PaymentPending, Now.AddMinutes(-2));
            attempt.HearCallback(NotificationKind.PaymentSucceeded, Now);
        });
        await using var pages = new OrderPages(shop);

        var words = Open(pages, order.Number).Find(".witness-agree").TextContent;

        Assert.Contains("not paid, before the payment", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_action_that_cannot_be_done_says_why()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, OrderStatus.Paid);
        await using var pages = new OrderPages(shop);

        var page = Open(pages, order.Number);

        var close = page.Find(".order-actions .button-danger");
        Assert.Equal("true", close.GetAttribute("aria-disabled"));
        Assert.Equal("Only an order that waits for payment can be closed.", close.GetAttribute("aria-description"));
        await close.ClickAsync(new());
        Assert.Empty(pages.Floating.FindAll("[role=dialog]"));
    }

    [Fact]
    public async Task Closing_asks_first_tells_the_outcome_and_shows_it_on_the_page()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, amount: 500);
        await using var pages = new OrderPages(shop);
        var page = Open(pages, order.Number);

        // Not awaited: the click lasts until the question is answered.
        page.Find(".order-actions .row .button-danger").Click();
        Assert.Contains("¥5.00", pages.Floating.WaitForElement("[role=dialog]").TextContent, StringComparison.Ordinal);
        await pages.Floating.Find("[role=dialog] .button-danger").ClickAsync(new());

        pages.Floating.WaitForAssertion(() => Assert.Contains("Nobody can pay it any more", pages.Floating.Find(".rz-notification").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("Closed", page.Find(".page-head .chip").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_answered_with_no_changes_nothing()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now, amount: 500);
        await using var pages = new OrderPages(shop);
        var page = Open(pages, order.Number);

        // Not awaited: the click lasts until the question is answered.
        page.Find(".order-actions .row .button-danger").Click();
        await pages.Floating.WaitForElement("[role=dialog] button[autofocus]").ClickAsync(new());

        pages.Floating.WaitForAssertion(() => Assert.Empty(pages.Floating.FindAll("[role=dialog]")));
        Assert.Equal(OrderStatus.Pending, (await shop.Portal.ReadAsync(db => db.Orders.SingleAsync(row => row.Id == order.Id))).Status);
    }

    [Fact]
    public async Task What_happens_meanwhile_appears_by_itself()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now);
        await using var pages = new OrderPages(shop);
        var page = Open(pages, order.Number);
        Assert.Contains("Waiting", page.Find(".page-head .chip").TextContent, StringComparison.Ordinal);

        await shop.PayAsync(order);

        page.WaitForAssertion(() => Assert.Contains("Paid", page.Find(".page-head .chip").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_note_being_typed_survives_what_happens_meanwhile_and_is_not_lost_to_another_writer()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now);
        await using var pages = new OrderPages(shop);
        var page = Open(pages, order.Number);
        await page.Find("textarea").InputAsync(new() { Value = "多冰" });

        await shop.Portal.Get<SaveOrderNote>().ExecuteAsync(order.Id, null, "少糖", shop.Actor, CancellationToken.None);
        page.WaitForAssertion(() => Assert.Equal("Note changed", page.Find(".timeline li p").TextContent));
        Assert.Equal("多冰", page.Find("textarea").GetAttribute("value"));

        await page.Find("form:has(textarea)").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("少糖", page.Find(".field-fault").TextContent, StringComparison.Ordinal));
        Assert.Equal("多冰", page.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public async Task An_unknown_number_says_so()
    {
        await using var shop = await OrderShop.OpenAsync();
        await using var pages = new OrderPages(shop);

        var page = pages.Render<OrderDetail>(parameters => parameters.Add(detail => detail.Number, "M000000"));

        page.WaitForAssertion(() => Assert.Contains("This store has no order M000000.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaving_the_page_ends_the_following()
    {
        await using var shop = await OrderShop.OpenAsync();
        var order = await shop.AddAsync(Now);
        var pages = new OrderPages(shop);
        var page = Open(pages, order.Number);
        page.WaitForState(() => shop.Portal.Get<OrderFeed>().Readers == 1);

        await pages.DisposeAsync();

        Assert.Equal(0, shop.Portal.Get<OrderFeed>().Readers);
    }

    private static IRenderedComponent<OrderDetail> Open(OrderPages pages, string number)
    {
        var page = pages.Render<OrderDetail>(parameters => parameters.Add(detail => detail.Number, number));
        page.WaitForElement(".order-head");
        return page;
    }
}
