using System.Text.Encodings.Web;
using System.Text.Json;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>Names and numbers as they stand on the wire.</summary>
internal static class WeChatLegacyAppWire
{
    public const string Sign = "sign";
    public const string SignType = "sign_type";
    public const string Charset = "input_charset";
    public const string OutTradeNo = "out_trade_no";
    public const string TransactionId = "transaction_id";
    public const string TotalFee = "total_fee";
    public const string FeeType = "fee_type";
    public const string Partner = "partner";
    public const string TradeState = "trade_state";
    public const string TradeMode = "trade_mode";
    public const string TimeEnd = "time_end";

    public const string GenPrepay = "pay/genprepay";
    public const string OrderQuery = "pay/orderquery";
    public const string DeliverNotify = "pay/delivernotify";

    /// <summary><c>fee_type</c> of 人民币.</summary>
    public const string Yuan = "1";

    /// <summary><c>trade_state</c>; anything else is not paid.</summary>
    public const string Paid = "0";

    /// <summary><c>trade_mode</c> 即时到账; all others are reserved.</summary>
    public const string Instant = "1";

    public const long Busy = -1;
    public const long TokenInvalid = 40001;
    public const long TokenIllegal = 40014;
    public const long TokenExpired = 42001;
    public const long QuotaReached = 45009;

    /// <summary>Tenpay's <c>ret_code</c> for a number that it does not know (交易单不存在).</summary>
    public const string NoSuchOrder = "88221009";

    /// <summary>Chinese stays Chinese, as the gateway's own examples have it.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
