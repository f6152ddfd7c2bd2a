using MerchantPortal.Sandbox.AlipayOpenApi;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>Query. It always tells the truth; a trade that no buyer has opened does not exist.</summary>
internal sealed class QueryMapiTrade(SandboxWriter writer, MapiSigners signers, ArmedFaults armed, TimeProvider time)
{
    public async Task<string> ExecuteAsync(MapiCall call, CancellationToken cancellationToken)
    {
        var trade = await writer.WriteAsync((db, ct) => FindAsync(db, call, "out_trade_no", time.GetUtcNow(), ct), cancellationToken);
        if (trade is null)
        {
            return MapiXml.Failed("TRADE_NOT_EXIST");
        }

        var fields = Fields(trade);
        var fault = armed.TakeNextAnswer();
        var sign = await signers.SignAsync(call.Merchant, MapiWire.Bytes(fields), fault == AnswerFault.WrongKey, cancellationToken);
        return MapiXml.Trade(call, fields, fault == AnswerFault.NoSignature ? null : sign, MapiSigners.TypeOf(call.Merchant));
    }

    internal static async Task<SandboxTrade?> FindAsync(
        SandboxDbContext db, MapiCall call, string numberField, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var trade = call.Field("trade_no") is { } tradeNo
            ? await db.FindTradeByTransactionAsync(call.Merchant, tradeNo, cancellationToken)
            : await db.FindTradeAsync(call.Merchant, call.Field(numberField) ?? "", cancellationToken);
        trade?.CloseWhenExpired(now);
        return trade;
    }

    private static Dictionary<string, string> Fields(SandboxTrade trade)
    {
        var fields = new Dictionary<string, string>
        {
            ["buyer_email"] = "138****0000",
            ["buyer_id"] = SandboxNumbers.BuyerId,
            ["discount"] = "0.00",
            ["gmt_create"] = Beijing.Wall(trade.OpenedAt ?? trade.CreatedAt),
            ["out_trade_no"] = trade.OutTradeNo,
            ["payment_type"] = "1",
            ["price"] = Money.ToYuan(trade.Amount),
            ["quantity"] = "1",
            ["seller_email"] = MapiWire.SellerEmail,
            ["seller_id"] = trade.Merchant.MerchantNo,
            ["subject"] = trade.Subject,
            ["total_fee"] = Money.ToYuan(trade.Amount),
            ["trade_no"] = trade.TransactionId,
            ["trade_status"] = trade.Status(),
        };
        if (trade.Payments.OrderBy(row => row.Id).FirstOrDefault() is { } payment)
        {
            fields["gmt_payment"] = Beijing.Wall(payment.PaidAt);
        }
        else if (trade.ClosedAt is { } closedAt)
        {
            fields["gmt_close"] = Beijing.Wall(closedAt);
        }

        if (trade.Refunds.OrderByDescending(row => row.Id).FirstOrDefault() is { } refund)
        {
            fields["refund_status"] = "REFUND_SUCCESS";
            fields["gmt_refund"] = Beijing.Wall(refund.RefundedAt);
        }

        return fields;
    }
}

internal sealed class CloseMapiTrade(SandboxWriter writer, TimeProvider time)
{
    /// <summary>Here the merchant's number is called <c>out_order_no</c>.</summary>
    public Task<string> ExecuteAsync(MapiCall call, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var now = time.GetUtcNow();
            var trade = await QueryMapiTrade.FindAsync(db, call, "out_order_no", now, ct);
            if (trade is null or { State: TradeState.Closed or TradeState.Paid })
            {
                return MapiXml.Failed(trade is null ? "TRADE_NOT_EXIST" : "TRADE_STATUS_NOT_AVAILD");
            }

            trade.State = TradeState.Closed;
            trade.ClosedAt = now;
            return MapiXml.Done();
        },
        cancellationToken);
}
