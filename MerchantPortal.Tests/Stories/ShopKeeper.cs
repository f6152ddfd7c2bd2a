using System.Text.RegularExpressions;
using MerchantPortal.Accounts;
using MerchantPortal.Tests.Support;
using Microsoft.Playwright;

namespace MerchantPortal.Tests.Stories;

/// <summary>What a merchant does in the console, by the words on the screen (Chinese).</summary>
internal sealed class ShopKeeper(Tab tab)
{
    public const string Email = "owner@example.com";
    public const string Password = "long-river-blue-tea";

    public IPage Page => tab.Page;

    /// <summary>Opens the set-up link as the console prints it, and fills in the form.</summary>
    public async Task SetUpAsync(PortalFactory portal)
    {
        await Page.GotoAsync($"/setup?token={portal.Get<SetupToken>().Issue()}");
        await Page.FillAsync("[name='Input.StoreName']", "西湖茶铺");
        await Page.FillAsync("[name='Input.DisplayName']", "林小姐");
        await Page.FillAsync("[name='Input.Email']", Email);
        await Page.FillAsync("[name='Input.Password']", Password);
        await Page.ClickAsync("form button.button-primary");
        await tab.InteractiveAsync();
    }

    public async Task SignInAsync()
    {
        await Page.GotoAsync("/account/sign-in");
        await Page.FillAsync("[name='Input.Email']", Email);
        await Page.FillAsync("[name='Input.Password']", Password);
        await Page.ClickAsync("form button.button-primary");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("/$"));
        await tab.InteractiveAsync();
    }

    /// <summary>Switches the console's language with the button in the top bar, unless it speaks it already.</summary>
    public async Task SpeakAsync(string language)
    {
        if (await Page.Locator("html").GetAttributeAsync("lang") != language)
        {
            await Page.ClickAsync($".language button[value='{language}']");
            await Assertions.Expect(Page.Locator($"html[lang='{language}']")).ToBeAttachedAsync();
            await tab.InteractiveAsync();
        }
    }

    public async Task TryItInTheSandboxAsync()
    {
        await tab.VisitAsync("/");
        await Page.GetByRole(AriaRole.Button, new() { Name = "在沙箱中试一试" }).ClickAsync();
        await Assertions.Expect(Page.GetByText("沙箱订单已就绪。")).ToBeVisibleAsync();
    }

    public async Task CreateProductAsync(string name, string price)
    {
        await tab.VisitAsync("/products");
        await Page.GetByRole(AriaRole.Button, new() { Name = "新建商品" }).ClickAsync();
        await Page.GetByLabel("名称", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("价格（元）").FillAsync(price);
        await Page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(Page.GetByText(name).First).ToBeVisibleAsync();
    }

    /// <returns>The order's number.</returns>
    public async Task<string> CreateOrderAsync(string amount, string subject)
    {
        await tab.VisitAsync("/orders");
        await Page.GetByRole(AriaRole.Button, new() { Name = "新建订单" }).First.ClickAsync();
        await Page.GetByPlaceholder("0.00").FillAsync(amount);
        await Page.GetByLabel("收款事由").FillAsync(subject);
        await Page.GetByRole(AriaRole.Button, new() { Name = "创建并显示二维码" }).ClickAsync();
        return await Page.Locator(".new-order-ready a.code").InnerTextAsync();
    }

    /// <summary>Writes a new value for one secret of a channel account; the others keep theirs.</summary>
    public async Task ReplaceSecretAsync(Guid accountId, string field, string value)
    {
        await tab.VisitAsync($"/settings/channels/{accountId}");
        await Page.FillAsync($"#field-{field}", value);
        await Page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Status).GetByText("已保存").First).ToBeVisibleAsync();
    }

    /// <summary>Opens a callback and rehearses its replay.</summary>
    public async Task RehearseAsync(Guid captureId)
    {
        await tab.VisitAsync($"/callbacks/{captureId}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "试运行" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".changes").GetByText("待支付").First).ToBeVisibleAsync();
    }

    /// <summary>Replays the callback that was rehearsed.</summary>
    public async Task ReplayAsync(string reason)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "正式重放" }).ClickAsync();
        await Page.GetByLabel("重放原因").FillAsync(reason);
        await Page.GetByRole(AriaRole.Button, new() { Name = "确认" }).ClickAsync();
    }
}
