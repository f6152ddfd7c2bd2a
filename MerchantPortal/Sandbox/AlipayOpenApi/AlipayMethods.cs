namespace MerchantPortal.Sandbox.AlipayOpenApi;

internal static class AlipayMethods
{
    public const string PagePay = "alipay.trade.page.pay";
    public const string WapPay = "alipay.trade.wap.pay";
    public const string Precreate = "alipay.trade.precreate";
    public const string Query = "alipay.trade.query";
    public const string Close = "alipay.trade.close";

    /// <summary>Opened by the buyer's browser and not by the merchant's server.</summary>
    public static bool IsForBrowser(string method) => method is PagePay or WapPay;
}
