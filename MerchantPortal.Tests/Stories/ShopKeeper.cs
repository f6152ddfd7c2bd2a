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
        await Page.WaitForURLAsync(new Regex("/(account/sign-in)?$"));
        if (Page.Url.EndsWith("sign-in", StringComparison.Ordinal))
        {
            await SignInAsync();
        }
    }

    public async Task SignInAsync()
    {
        await Page.GotoAsync("/account/sign-in");
        await Page.FillAsync("[name='Input.Email']", Email);
        await Page.FillAsync("[name='Input.Password']", Password);
        await Page.ClickAsync("form button.button-primary");
        await Page.WaitForURLAsync(new Regex("/$"));
    }

    /// <summary>Switches the console's language with the button in the top bar, unless it speaks it already.</summary>
    public async Task SpeakAsync(string language)
    {
        if (await Page.Locator("html").GetAttributeAsync("lang") != language)
        {
            await Page.ClickAsync($".language button[value='{language}']");
            await Page.WaitForSelectorAsync($"html[lang='{language}']");
        }
    }

    public async Task TryItInTheSandboxAsync()
    {
        await Page.GotoAsync("/");
        await InteractiveAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "在沙箱中试一试" }).ClickAsync();
        await Assertions.Expect(Page.GetByText("沙箱订单已就绪。")).ToBeVisibleAsync();
    }

    public async Task CreateProductAsync(string name, string price)
    {
        await Page.GotoAsync("/products");
        await InteractiveAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "新建商品" }).ClickAsync();
        await Page.GetByLabel("名称", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("价格（元）").FillAsync(price);
        await Page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(Page.GetByText(name).First).ToBeVisibleAsync();
    }

    /// <returns>The order's number.</returns>
    public async Task<string> CreateOrderAsync(string amount, string subject)
    {
        await Page.GotoAsync("/orders");
        await InteractiveAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "新建订单" }).First.ClickAsync();
        await Page.GetByPlaceholder("0.00").FillAsync(amount);
        await Page.GetByLabel("收款事由").FillAsync(subject);
        await Page.GetByRole(AriaRole.Button, new() { Name = "创建并显示二维码" }).ClickAsync();
        var number = Page.Locator(".new-order-ready a.code");
        await number.WaitForAsync();
        return await number.InnerTextAsync();
    }

    /// <summary>Writes a new value for one secret of a channel account; the others keep theirs.</summary>
    public async Task ReplaceSecretAsync(Guid accountId, string field, string value)
    {
        await Page.GotoAsync($"/settings/channels/{accountId}");
        await InteractiveAsync();
        await Page.FillAsync($"#field-{field}", value);
        await Page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Status).GetByText("已保存").First).ToBeVisibleAsync();
    }

    /// <summary>Opens a callback and rehearses its replay.</summary>
    public async Task RehearseAsync(Guid captureId)
    {
        await Page.GotoAsync($"/callbacks/{captureId}");
        await InteractiveAsync();
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

    /// <summary>Waits until the page answers clicks.</summary>
    public Task InteractiveAsync() => Page.WaitForSelectorAsync(".frame[data-live=yes]");
}
