using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>JSON as WeChat Pay writes it: UTF-8, Chinese unescaped.</summary>
internal static class WeChatWire
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonNode node) => node.ToJsonString(Plain);

    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(Text(node));

    /// <param name="payment">Null while nobody has paid.</param>
    /// <param name="total">分; what the message claims.</param>
    public static JsonObject Transaction(SandboxTrade trade, SandboxPayment? payment, long total)
    {
        var json = new JsonObject
        {
            ["mchid"] = trade.Merchant.MerchantNo,
            ["appid"] = trade.Merchant.AppId,
            ["out_trade_no"] = trade.OutTradeNo,
            ["trade_type"] = trade.Product == TradeProduct.H5 ? "MWEB" : trade.Product.ToString().ToUpperInvariant(),
            ["trade_state"] = State(trade).Wire,
            ["trade_state_desc"] = State(trade).Words,
            ["attach"] = trade.Attach ?? "",
            ["amount"] = new JsonObject { ["total"] = total, ["currency"] = "CNY" },
        };
        if (payment is not null)
        {
            json["transaction_id"] = payment.TransactionId;
            json["bank_type"] = "OTHERS";
            json["success_time"] = Beijing.Rfc3339(payment.PaidAt);
            json["payer"] = new JsonObject { ["openid"] = SandboxNumbers.OpenId };
            json["amount"] = new JsonObject { ["total"] = total, ["payer_total"] = total, ["currency"] = "CNY", ["payer_currency"] = "CNY" };
        }

        return json;
    }

    private static (string Wire, string Words) State(SandboxTrade trade) => trade.State switch
    {
        TradeState.Waiting => ("NOTPAY", "订单未支付"),
        // In notifications the refunds are not looked at: they tell of the moment of payment.
        TradeState.Paid when trade.Refunds.Count > 0 => ("REFUND", "转入退款"),
        TradeState.Paid => ("SUCCESS", "支付成功"),
        TradeState.Closed => ("CLOSED", "订单已关闭"),
    };
}
