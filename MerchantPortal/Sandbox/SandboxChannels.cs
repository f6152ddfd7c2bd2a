using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox;

/// <summary>The channels whose remote side the sandbox plays, by their public names.</summary>
internal static class SandboxChannels
{
    public const string WeChat = "wechat-v3";
    public const string WeChatV2 = "wechat-v2";
    public const string WeChatApp = "wechat-app";
    public const string Alipay = "alipay";
    public const string AlipayMapi = "alipay-mapi";
    public const string BeeCloud = "beecloud";

    /// <summary>Which gateways tell a merchant that a trade ended unpaid.</summary>
    public static bool TellsOfClosing(string channel) => channel is Alipay or AlipayMapi;

    /// <summary>Whose refunds the sandbox plays, with the message that the merchant gets.</summary>
    public static bool TellsOfRefunds(string channel) => channel is WeChat or WeChatV2 or Alipay or AlipayMapi or BeeCloud;

    /// <summary>The wallet that the payer holds: CSS class and text key.</summary>
    public static string BrandOf(string channel, TradeProduct product) => channel switch
    {
        WeChat or WeChatV2 or WeChatApp => "wechat",
        Alipay or AlipayMapi => "alipay",
        // An aggregator: the product says whose wallet it is.
        _ => product is TradeProduct.Page or TradeProduct.Wap or TradeProduct.Precreate ? "alipay" : "wechat",
    };
}
