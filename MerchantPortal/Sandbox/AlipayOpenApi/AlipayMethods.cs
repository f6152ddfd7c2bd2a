using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

internal static class AlipayMethods
{
    public const string PagePay = "alipay.trade.page.pay";
    public const string WapPay = "alipay.trade.wap.pay";
    public const string AppPay = "alipay.trade.app.pay";
    public const string Precreate = "alipay.trade.precreate";
    public const string Query = "alipay.trade.query";
    public const string Close = "alipay.trade.close";
    public const string BillAddress = "alipay.data.dataservice.bill.downloadurl.query";

    public const string Refund = "alipay.trade.refund";
    public const string RefundQuery = "alipay.trade.fastpay.refund.query";

    public static TradeProduct ProductOf(string method) => method switch
    {
        WapPay => TradeProduct.Wap,
        AppPay => TradeProduct.App,
        _ => TradeProduct.Page,
    };

    /// <summary>Opened by the buyer's browser or app and not by the merchant's server.</summary>
    public static bool IsForBrowser(string method) => method is PagePay or WapPay or AppPay;
}
