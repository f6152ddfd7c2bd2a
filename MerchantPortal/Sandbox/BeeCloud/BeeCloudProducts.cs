using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

internal static class BeeCloudProducts
{
    /// <summary><c>channel_type</c> and <c>sub_channel_type</c>.</summary>
    public static (string Channel, string SubChannel) Of(TradeProduct product) => product switch
    {
        TradeProduct.Page => ("ALI", "ALI_WEB"),
        TradeProduct.Wap => ("ALI", "ALI_WAP"),
        TradeProduct.Precreate => ("ALI", "ALI_QRCODE"),
        TradeProduct.Native or TradeProduct.Button or TradeProduct.H5 => ("WX", "WX_NATIVE"),
        TradeProduct.Jsapi => ("WX", "WX_JSAPI"),
        TradeProduct.App => ("WX", "WX_APP"),
    };
}
