using System.Globalization;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>orderquery, by either number. It always tells the truth.</summary>
internal sealed class QueryWeChatV2Trade(SandboxWriter writer)
{
    public async Task<WeChatV2Answer> ExecuteAsync(WeChatV2Call call, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var trade = call.Xml["transaction_id"] is { } transactionId
            ? await db.FindTradeByTransactionAsync(call.Merchant, transactionId, cancellationToken)
            : await db.FindTradeAsync(call.Merchant, call.Xml["out_trade_no"] ?? "", cancellationToken);
        var payment = trade?.Payments.OrderBy(row => row.Id).FirstOrDefault(row => (call.Xml["transaction_id"] ?? row.TransactionId) == row.TransactionId);
        return trade is null ? WeChatV2Answer.NotExist : new([new("result_code", "SUCCESS"), .. WeChatV2Facts.State(trade), .. WeChatV2Facts.Payment(trade, payment, trade.Amount)]);
    }
}

/// <summary>closeorder: the only thing that stops a late payment.</summary>
internal sealed class CloseWeChatV2Trade(SandboxWriter writer, TimeProvider time)
{
    public Task<WeChatV2Answer> ExecuteAsync(WeChatV2Call call, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var trade = await db.FindTradeAsync(call.Merchant, call.Xml["out_trade_no"] ?? "", ct);
            if (trade is not { State: TradeState.Waiting })
            {
                return trade is null ? WeChatV2Answer.NotExist
                    : trade.State == TradeState.Paid ? WeChatV2Answer.Error("ORDERPAID", "该订单已支付")
                    : WeChatV2Answer.Error("ORDERCLOSED", "该订单已关闭");
            }

            trade.State = TradeState.Closed;
            trade.ClosedAt = time.GetUtcNow();
            return WeChatV2Answer.Ok();
        },
        cancellationToken);
}

/// <summary>refundquery, by any of the four numbers. It always tells the truth.</summary>
internal sealed class QueryWeChatV2Refund(SandboxWriter writer, TimeProvider time)
{
    public async Task<WeChatV2Answer> ExecuteAsync(WeChatV2Call call, CancellationToken cancellationToken)
    {
        await using var db = writer.CreateDbContext();
        var refunds = await db.Refunds.AsNoTracking().Include(row => row.Payment).Include(row => row.Trade).Where(row => row.Trade.MerchantId == call.Merchant.Id)
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var asked = refunds.Where(row => IsAskedFor(row, call)).ToList();
        if (asked.Count == 0)
        {
            return WeChatV2Answer.Error("REFUNDNOTEXIST", "退款单不存在");
        }

        var answer = new List<KeyValuePair<string, string>>
        {
            new("result_code", "SUCCESS"), new("transaction_id", asked[0].Payment.TransactionId), new("out_trade_no", asked[0].Trade.OutTradeNo),
            new("total_fee", Number(asked[0].Payment.Amount)), new("cash_fee", Number(asked[0].Payment.Amount)), new("refund_count", Number(asked.Count)),
        };
        for (var n = 0; n < asked.Count; n++)
        {
            answer.AddRange(
            [
                new($"out_refund_no_{n}", asked[n].OutRefundNo), new($"refund_id_{n}", asked[n].RefundId), new($"refund_fee_{n}", Number(asked[n].Amount)),
                new($"refund_status_{n}", asked[n].HasEnded(time.GetUtcNow()) ? WeChatV2Facts.Status(asked[n]) : "PROCESSING"), new($"refund_recv_accout_{n}", "支付用户零钱"), new($"refund_success_time_{n}", Beijing.Wall(asked[n].RefundedAt)),
            ]);
        }

        return new(answer);
    }

    private static bool IsAskedFor(SandboxRefund refund, WeChatV2Call call) =>
        call.Xml["refund_id"] is { } refundId ? refund.RefundId == refundId
        : call.Xml["out_refund_no"] is { } outRefundNo ? refund.OutRefundNo == outRefundNo
        : call.Xml["transaction_id"] is { } transactionId ? refund.Payment.TransactionId == transactionId
        : refund.Trade.OutTradeNo == call.Xml["out_trade_no"];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
