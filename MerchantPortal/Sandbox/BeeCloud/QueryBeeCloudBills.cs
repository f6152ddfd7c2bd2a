using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>GET /2/rest/bills. It always tells the truth; a bill that was paid twice is two bills.</summary>
internal sealed class QueryBeeCloudBills(SandboxWriter writer)
{
    public async Task<JsonObject> ExecuteAsync(BeeCloudCall call, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var trade = await db.FindTradeAsync(call.Merchant, call.Text("bill_no") ?? "", cancellationToken);
        var bills = new JsonArray();
        // A subscription is no bill, though it has a number.
        var isBill = trade is not null && SubscriptionTrade.Of(trade) is not { IsCharge: false };
        foreach (var payment in trade is null || !isBill ? [] : trade.Payments.Count == 0 ? [null] : trade.Payments.OrderBy(row => row.Id).Cast<SandboxPayment?>())
        {
            if (trade is not null)
            {
                bills.Add(Bill(trade, payment));
            }
        }

        var answer = BeeCloudAnswer.Ok();
        answer["count"] = bills.Count;
        answer["bills"] = bills;
        return answer;
    }

    private static JsonObject Bill(SandboxTrade trade, SandboxPayment? payment)
    {
        var subscription = SubscriptionTrade.Of(trade);
        var (channel, sub) = subscription is null ? BeeCloudProducts.Of(trade.Product) : ("BC", "BC_SUBSCRIPTION");
        return new JsonObject
        {
            ["id"] = (payment?.Id ?? trade.Id).ToString(),
            ["bill_no"] = trade.OutTradeNo,
            ["total_fee"] = trade.Amount,
            ["trade_no"] = payment?.TransactionId ?? "",
            ["channel"] = channel,
            ["sub_channel"] = sub,
            ["title"] = trade.Subject,
            ["spay_result"] = payment is not null,
            ["create_time"] = trade.CreatedAt.ToUnixTimeMilliseconds(),
            ["optional"] = subscription is null ? trade.Attach ?? "" : "",
            ["revert_result"] = false,
            ["refund_result"] = false,
        };
    }
}
