namespace MerchantPortal.Checkout;

/// <summary>Where the buyer's browser runs, as far as it decides which ways to pay can work there.</summary>
public enum BuyerDevice
{
    Desktop,

    /// <summary>A phone's own browser.</summary>
    Phone,

    /// <summary>The browser inside WeChat: it opens no Alipay page.</summary>
    WeChatApp,

    /// <summary>The browser inside Alipay.</summary>
    AlipayApp,
}
