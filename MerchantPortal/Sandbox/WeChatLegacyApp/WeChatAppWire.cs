using System.Globalization;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>A trade in the words that notifications and answers to queries share.</summary>
internal static class WeChatAppWire
{
    /// <param name="payment">Null while nobody has paid.</param>
    /// <param name="total">分; what the message claims.</param>
    public static Dictionary<string, string> Fields(SandboxTrade trade, SandboxPayment? payment, long total)
    {
        var fee = total.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["input_charset"] = "UTF-8",
            ["trade_mode"] = "1",
            ["trade_state"] = payment is null ? "1" : "0",
            ["partner"] = trade.Merchant.MerchantNo,
            ["bank_type"] = "CFT",
            ["bank_billno"] = payment is null ? "" : payment.TransactionId[^12..],
            ["total_fee"] = fee,
            ["fee_type"] = "1",
            ["transaction_id"] = payment?.TransactionId ?? "",
            ["out_trade_no"] = trade.OutTradeNo,
            ["attach"] = trade.Attach ?? "",
            ["time_end"] = payment is null ? "" : Beijing.Compact(payment.PaidAt),
            ["transport_fee"] = "0",
            ["product_fee"] = fee,
            ["discount"] = "0",
        };
    }
}
