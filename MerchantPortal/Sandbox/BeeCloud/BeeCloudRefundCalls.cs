using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>POST /2/rest/refund and GET /2/rest/refunds. A bill is refunded once; the number begins with the day.</summary>
internal sealed class BeeCloudRefundCalls(MakeRefund make, SandboxWriter writer, TimeProvider time)
{
    public async Task<JsonObject> RefundAsync(BeeCloudCall call, CancellationToken cancellationToken)
    {
        var (number, fee) = (call.Text("refund_no") ?? "", call.Whole("refund_fee") ?? 0);
        if (!number.StartsWith(time.GetUtcNow().ToOffset(Beijing.Offset).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            || number.Length is < 11 or > 32)
        {
            return BeeCloudAnswer.Parameter("refund_no");
        }

        await using var db = writer.CreateDbContext();
        var trade = await db.FindTradeAsync(call.Merchant, call.Text("bill_no") ?? "", cancellationToken);
        var payment = trade?.Payments.OrderBy(row => row.Id).FirstOrDefault();
        if (trade is null || payment is null)
        {
            return trade is null ? BeeCloudAnswer.Of(8, "NO_SUCH_BILL", "") : BeeCloudAnswer.Of(9, "BILL_UNSUCCESS", "");
        }

        if (trade.Refunds.Exists(row => row.EndsAs != SandboxRefundEnd.Closed))
        {
            return BeeCloudAnswer.Of(11, "ALREADY_REFUNDING", "");
        }

        return await make.ExecuteAsync(call.Merchant, new RefundCall(payment.TransactionId, number, fee), cancellationToken) switch
        {
            MadeRefund.Made made => make.IsSilent(made.Refund) ? BeeCloudAnswer.Of(14, "RUNTIME_ERROR", "") : Ok(made.Refund),
            MadeRefund.Repeated repeated => Ok(repeated.Refund),
            MadeRefund.TooMuch => BeeCloudAnswer.Of(12, "REFUND_AMOUNT_TOO_LARGE", ""),
            MadeRefund.NoBalance => BeeCloudAnswer.Of(7, "CHANNEL_ERROR", "余额不足"),
            _ => BeeCloudAnswer.Of(10, "REFUND_EXCEED_TIME", ""),
        };
    }

    public async Task<JsonObject> QueryAsync(BeeCloudCall call, CancellationToken cancellationToken)
    {
        var answer = BeeCloudAnswer.Ok();
        var refund = await make.FindAsync(call.Merchant, call.Text("refund_no") ?? "", cancellationToken);
        answer["refunds"] = refund is null ? [] : new JsonArray(Json(refund));
        return answer;
    }

    private static JsonObject Ok(SandboxRefund refund)
    {
        var answer = BeeCloudAnswer.Ok();
        answer["id"] = refund.Id.ToString();
        return answer;
    }

    private JsonObject Json(SandboxRefund refund) => new()
    {
        ["id"] = refund.Id.ToString(),
        ["bill_no"] = refund.Trade.OutTradeNo,
        ["refund_no"] = refund.OutRefundNo,
        ["total_fee"] = refund.Payment.Amount,
        ["refund_fee"] = refund.Amount,
        ["title"] = refund.Trade.Subject,
        ["channel"] = "WX",
        ["sub_channel"] = "WX_NATIVE",
        ["finish"] = make.HasEnded(refund),
        ["result"] = make.HasEnded(refund) && refund.EndsAs == SandboxRefundEnd.Succeeded,
        ["create_time"] = refund.RefundedAt.ToUnixTimeMilliseconds(),
    };
}
