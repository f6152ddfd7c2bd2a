using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>One way to pay that the page offers.</summary>
/// <param name="AccountId">The account that would collect.</param>
public sealed record CheckoutMethod(CheckoutBrand Brand, Guid AccountId, PaymentMethod Method, CheckoutPresentation Presentation)
{
    public bool IsCode => Presentation is CheckoutPresentation.Code or CheckoutPresentation.SameScreenCode;
}

/// <summary>The wallet, as the buyer knows it.</summary>
public enum CheckoutBrand
{
    WeChat,
    Alipay,
}

public enum CheckoutPresentation
{
    /// <summary>A code to scan with the phone in the other hand.</summary>
    Code,

    /// <summary>A code on the very phone that would have to scan it: save the picture or press it for long.</summary>
    SameScreenCode,

    /// <summary>A button that leads to the wallet's own page.</summary>
    Button,

    /// <summary>Cannot work here; the page says where it does.</summary>
    OpenElsewhere,
}
