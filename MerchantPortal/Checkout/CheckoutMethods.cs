using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>Which ways to pay fit the store's accounts and the buyer's device. The first is the one the page opens with.</summary>
public static class CheckoutMethods
{
    public static IReadOnlyList<CheckoutMethod> For(IReadOnlyCollection<CheckoutAccount> accounts, BuyerDevice device)
    {
        var weChat = First(accounts, PaymentMethod.Native);
        return device switch
        {
            BuyerDevice.Desktop => Present(
                WeChat(weChat, CheckoutPresentation.Code),
                Alipay(accounts, PaymentMethod.Page, CheckoutPresentation.Code)),
            BuyerDevice.Phone => Present(
                Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.SameScreenCode),
                WeChat(weChat, CheckoutPresentation.SameScreenCode)),
            BuyerDevice.WeChatApp => Present(
                WeChat(weChat, CheckoutPresentation.SameScreenCode),
                Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.Code) is { } elsewhere
                    ? elsewhere with { Presentation = CheckoutPresentation.OpenElsewhere }
                    : null),
            BuyerDevice.AlipayApp => Alipay(accounts, PaymentMethod.Wap, CheckoutPresentation.SameScreenCode) is { } here
                ? [here]
                : Present(WeChat(weChat, CheckoutPresentation.Code)),
        };
    }

    private static CheckoutMethod? WeChat(CheckoutAccount? account, CheckoutPresentation code) =>
        account is null ? null : new(CheckoutBrand.WeChat, account.Id, PaymentMethod.Native, code);

    /// <summary>The wallet's own page where an account offers it, any other page of it next, a code last.</summary>
    private static CheckoutMethod? Alipay(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod page, CheckoutPresentation code) =>
        Redirecting(accounts, page)
        ?? Redirecting(accounts, page == PaymentMethod.Page ? PaymentMethod.Wap : PaymentMethod.Page)
        ?? (First(accounts, PaymentMethod.Precreate) is { } account
            ? new CheckoutMethod(CheckoutBrand.Alipay, account.Id, PaymentMethod.Precreate, code)
            : null);

    private static CheckoutMethod? Redirecting(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod method) =>
        First(accounts, method) is { } account ? new(CheckoutBrand.Alipay, account.Id, method, CheckoutPresentation.Button) : null;

    /// <summary>A current protocol before a legacy one, then the account that was there first.</summary>
    private static CheckoutAccount? First(IReadOnlyCollection<CheckoutAccount> accounts, PaymentMethod method) =>
        accounts.Where(account => account.Methods.Contains(method)).OrderBy(account => account.IsLegacy).ThenBy(account => account.Id).FirstOrDefault();

    private static CheckoutMethod[] Present(params CheckoutMethod?[] methods) => [.. methods.OfType<CheckoutMethod>()];
}

/// <summary>What the choice of a way to pay needs to know of an enabled account of the order's mode.</summary>
/// <param name="Id">Version 7: the older account has the smaller id.</param>
public sealed record CheckoutAccount(Guid Id, bool IsLegacy, IReadOnlyList<PaymentMethod> Methods);
