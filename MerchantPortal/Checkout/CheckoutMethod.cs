using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>One way to pay that the page offers.</summary>
/// <param name="AccountId">The account that would collect.</param>
public sealed record CheckoutMethod(CheckoutBrand Brand, Guid AccountId, PaymentMethod Method, CheckoutPresentation Presentation)
{
    /// <summary>Codes of the banks that the buyer may choose beforehand; empty where there is no such choice.</summary>
    public IReadOnlyList<string> Banks { get; init; } = [];

    /// <summary>The same wallet's code, for a device on which this way fails; null when no account offers one.</summary>
    public CheckoutMethod? Fallback { get; init; }

    public bool IsFallback { get; init; }

    /// <summary>False when the buyer cannot change to another way to pay before this one expires.</summary>
    public bool CanClose { get; init; } = true;

    public bool IsCode => Presentation is CheckoutPresentation.Code or CheckoutPresentation.SameScreenCode;

    /// <summary>What the page's own forms call it.</summary>
    public string Name => IsFallback ? $"{CheckoutVisit.NameOf(Brand)}-code" : CheckoutVisit.NameOf(Brand);

    /// <summary>True when a look at the page may start it: nothing leaves the page, and nobody is asked anything.</summary>
    public bool StartsByItself => IsCode || Presentation == CheckoutPresentation.Script;
}

/// <summary>The wallet, as the buyer knows it.</summary>
public enum CheckoutBrand
{
    WeChat,
    Alipay,

    /// <summary>An aggregator's own window (秒支付), in which the buyer chooses the wallet.</summary>
    QuickPay,
}

public enum CheckoutPresentation
{
    /// <summary>A code to scan with the phone in the other hand.</summary>
    Code,

    /// <summary>A code on the very phone that would have to scan it: save the picture or press it for long.</summary>
    SameScreenCode,

    /// <summary>A button that leads to the wallet's own page.</summary>
    Button,

    /// <summary>A button that the browser inside the wallet answers, once the wallet has told who the payer is.</summary>
    InApp,

    /// <summary>A button that a script of the gateway's answers.</summary>
    Script,

    /// <summary>Cannot work here; the page says where it does.</summary>
    OpenElsewhere,
}
