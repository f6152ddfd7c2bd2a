using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>
/// Which ways to pay fit the store's accounts and the buyer's device, each wallet once. The first is the one the page opens with.
/// A wallet is known by the method, never by the channel: an aggregator's account collects for several.
/// </summary>
public static class CheckoutMethods
{
    public static IReadOnlyList<CheckoutMethod> For(IReadOnlyCollection<CheckoutAccount> accounts, BuyerDevice device) => device switch
    {
        BuyerDevice.Desktop => Present(
            WeChatCode(accounts, CheckoutPresentation.Code),
            Alipay(accounts, PaymentMethod.Page, CheckoutPresentation.Code),
            Script(accounts)),
        BuyerDevice.Phone => Present(
            Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.SameScreenCode),
            WeChatPage(accounts) ?? WeChatCode(accounts, CheckoutPresentation.SameScreenCode),
            Script(accounts)),
        BuyerDevice.WeChatApp => InWeChat(accounts),
        BuyerDevice.AlipayApp => Present(
            Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.SameScreenCode) ?? WeChatCode(accounts, CheckoutPresentation.Code) ?? Script(accounts)),
    };

    /// <summary>The name of one of them, or of its fallback, as the page's forms send it.</summary>
    /// <returns>Null when none is called so.</returns>
    public static CheckoutMethod? Named(IReadOnlyList<CheckoutMethod> methods, string? name) =>
        methods.SelectMany(method => new[] { method, method.Fallback }).FirstOrDefault(method => method?.Name == name);

    private static CheckoutMethod[] InWeChat(IReadOnlyCollection<CheckoutAccount> accounts)
    {
        var here = Present(
            InApp(accounts) ?? WeChatCode(accounts, CheckoutPresentation.SameScreenCode),
            Elsewhere(Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.Code)));
        return here.Length > 0 ? here : Present(Elsewhere(Script(accounts)));
    }

    private static CheckoutMethod? WeChatCode(IReadOnlyCollection<CheckoutAccount> accounts, CheckoutPresentation code) =>
        First(accounts, PaymentMethod.Native) is { } account ? Through(account, CheckoutBrand.WeChat, PaymentMethod.Native, code) : null;

    /// <summary>Opens WeChat from the phone's own browser.</summary>
    private static CheckoutMethod? WeChatPage(IReadOnlyCollection<CheckoutAccount> accounts) =>
        First(accounts, PaymentMethod.H5) is { } account
            ? WithCode(accounts, Through(account, CheckoutBrand.WeChat, PaymentMethod.H5, CheckoutPresentation.Button))
            : null;

    private static CheckoutMethod? InApp(IReadOnlyCollection<CheckoutAccount> accounts) =>
        First([.. accounts.Where(account => account.CanIdentify)], PaymentMethod.Jsapi) is { } account
            ? WithCode(accounts, Through(account, CheckoutBrand.WeChat, PaymentMethod.Jsapi, CheckoutPresentation.InApp))
            : null;

    private static CheckoutMethod WithCode(IReadOnlyCollection<CheckoutAccount> accounts, CheckoutMethod method) =>
        method with { Fallback = WeChatCode(accounts, CheckoutPresentation.SameScreenCode) is { } code ? code with { IsFallback = true } : null };

    /// <summary>The wallet's own page where an account offers it, any other page of it next, a code last.</summary>
    private static CheckoutMethod? Alipay(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod page, CheckoutPresentation code) =>
        Redirecting(accounts, page)
        ?? Redirecting(accounts, page == PaymentMethod.Page ? PaymentMethod.Wap : PaymentMethod.Page)
        ?? (First(accounts, PaymentMethod.Precreate) is { } account
            ? Through(account, CheckoutBrand.Alipay, PaymentMethod.Precreate, code)
            : null);

    private static CheckoutMethod? Redirecting(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod method) =>
        First(accounts, method) is { } account
            ? Through(account, CheckoutBrand.Alipay, method, CheckoutPresentation.Button) with { Banks = method == PaymentMethod.Page ? account.Banks : [] }
            : null;

    private static CheckoutMethod? Script(IReadOnlyCollection<CheckoutAccount> accounts) =>
        First(accounts, PaymentMethod.Button) is { } account
            ? Through(account, CheckoutBrand.QuickPay, PaymentMethod.Button, CheckoutPresentation.Script)
            : null;

    private static CheckoutMethod? Elsewhere(CheckoutMethod? method) =>
        method is null ? null : method with { Presentation = CheckoutPresentation.OpenElsewhere, Banks = [] };

    private static CheckoutMethod Through(CheckoutAccount account, CheckoutBrand brand, PaymentMethod method, CheckoutPresentation presentation) =>
        new(brand, account.Id, method, presentation) { CanClose = account.CanClose };

    /// <summary>A current protocol before a legacy one, then the account that was there first.</summary>
    private static CheckoutAccount? First(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod method) =>
        accounts.Where(account => account.Methods.Contains(method)).OrderBy(account => account.IsLegacy).ThenBy(account => account.Id).FirstOrDefault();

    private static CheckoutMethod[] Present(params CheckoutMethod?[] methods) => [.. methods.OfType<CheckoutMethod>()];
}

/// <summary>What the choice of a way to pay needs to know of an enabled account of the order's mode.</summary>
/// <param name="Id">Version 7: the older account has the smaller id.</param>
public sealed record CheckoutAccount(Guid Id, bool IsLegacy, IReadOnlyList<PaymentMethod> Methods)
{
    public IReadOnlyList<string> Banks { get; init; } = [];

    /// <summary>False where a payment that was started only expires.</summary>
    public bool CanClose { get; init; } = true;

    /// <summary>The account can find out who the payer is at WeChat, which paying inside WeChat needs.</summary>
    public bool CanIdentify { get; init; }
}
