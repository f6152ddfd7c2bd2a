using System.Globalization;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>WeChat Pay's own names of version 2, spelled as on the wire.</summary>
internal static class WeChatWire
{
    public const string Root = "xml";

    /// <summary>The outermost element of what a refund notification seals.</summary>
    public const string SealedRoot = "root";
    public const string KeyGlue = "&key=";
    public const string Sign = "sign";
    public const string SignType = "sign_type";
    public const string ReturnCode = "return_code";
    public const string ReturnMessage = "return_msg";
    public const string ResultCode = "result_code";
    public const string ErrorCode = "err_code";
    public const string ErrorText = "err_code_des";
    public const string AppId = "appid";
    public const string MerchantId = "mch_id";
    public const string Nonce = "nonce_str";
    public const string OutTradeNo = "out_trade_no";
    public const string TransactionId = "transaction_id";
    public const string TotalFee = "total_fee";
    public const string FeeType = "fee_type";
    public const string TradeState = "trade_state";
    public const string OpenId = "openid";
    public const string ReqInfo = "req_info";
    public const string OutRefundNo = "out_refund_no";
    public const string RefundId = "refund_id";
    public const string RefundFee = "refund_fee";
    public const string RefundStatus = "refund_status";

    public const string Success = "SUCCESS";
    public const string Fail = "FAIL";
    public const string Change = "CHANGE";
    public const string RefundClose = "REFUNDCLOSE";
    public const string Processing = "PROCESSING";

    public const string OrderPaid = "ORDERPAID";
    public const string OrderClosed = "ORDERCLOSED";
    public const string OrderNotExist = "ORDERNOTEXIST";
    public const string NotEnough = "NOTENOUGH";
    public const string RefundNotExist = "REFUNDNOTEXIST";
    public const string SystemError = "SYSTEMERROR";

    public const string UnifiedOrder = "pay/unifiedorder";
    public const string OrderQuery = "pay/orderquery";
    public const string CloseOrder = "pay/closeorder";
    public const string RefundQuery = "pay/refundquery";

    /// <summary>Wants the merchant's certificate.</summary>
    public const string Refund = "secapi/pay/refund";

    /// <summary>A sum in 分 as WeChat writes it: digits only.</summary>
    /// <returns>Null when the text is missing or anything else.</returns>
    public static long? Fen(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fen) ? fen : null;
}
