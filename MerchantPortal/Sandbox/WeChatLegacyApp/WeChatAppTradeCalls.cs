using System.Globalization;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>orderquery. It always tells the truth.</summary>
internal sealed class QueryWeChatAppTrade(SandboxWriter writer)
{
    public async Task<JsonObject> ExecuteAsync(WeChatAppCall call, CancellationToken cancellationToken)
    {
        if (call.Package() is not { } package)
        {
            return WeChatAppAnswer.Error(49002, "invalid package sign");
        }

        await using var db = writer.CreateDbContext();
        var trade = await db.FindTradeAsync(call.Merchant, package.GetValueOrDefault("out_trade_no", ""), cancellationToken);
        var answer = WeChatAppAnswer.Ok;
        answer["order_info"] = trade is null ? new JsonObject { ["ret_code"] = 88221009, ["ret_msg"] = "交易单不存在" } : Order(trade);
        return answer;
    }

    private static JsonObject Order(SandboxTrade trade)
    {
        var order = new JsonObject { ["ret_code"] = 0, ["ret_msg"] = "" };
        var payment = trade.Payments.OrderBy(row => row.Id).FirstOrDefault();
        foreach (var (name, value) in WeChatAppWire.Fields(trade, payment, trade.Amount))
        {
            order[name] = value;
        }

        order["is_split"] = "false";
        order["is_refund"] = "false";
        order["rmb_total_fee"] = "";
        return order;
    }
}

/// <summary>delivernotify: taken once for good, and again without complaint.</summary>
internal sealed class TakeDeliveryReport(SandboxWriter writer, TimeProvider time)
{
    public Task<JsonObject> ExecuteAsync(WeChatAppCall call, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var trade = await db.FindTradeAsync(call.Merchant, call.Fields["out_trade_no"], ct);
            if (trade is null || trade.Payments.TrueForAll(payment => payment.TransactionId != call.Fields["transid"])
                || call.Fields["openid"] != SandboxNumbers.OpenId)
            {
                return WeChatAppAnswer.Error(49006, "no such payment");
            }

            if (!long.TryParse(call.Fields["deliver_timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out _) || call.Fields["deliver_status"] is not ("0" or "1"))
            {
                return WeChatAppAnswer.BadRequest;
            }

            var delivered = call.Fields["deliver_status"] == "1";
            db.DeliveryReports.Add(new SandboxDeliveryReport { TradeId = trade.Id, At = time.GetUtcNow(), Delivered = delivered, Message = call.Fields["deliver_msg"] });
            return WeChatAppAnswer.Ok;
        },
        cancellationToken);
}
