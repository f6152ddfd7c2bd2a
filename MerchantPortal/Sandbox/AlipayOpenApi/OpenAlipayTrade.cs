using System.Globalization;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>page.pay, wap.pay (the buyer arrives with the order in hand) and precreate (a code that somebody may scan).</summary>
internal sealed class OpenAlipayTrade(SandboxWriter writer, TimeProvider time)
{
    /// <summary>A trade that was opened before, or now; a failure in the gateway's words otherwise.</summary>
    public async Task<(SandboxTrade? Trade, AlipayAnswer? Failure)> ExecuteAsync(AlipayCall call, TradeProduct product, CancellationToken cancellationToken)
    {
        if (call.Text("out_trade_no") is not { Length: <= 64 } number || call.TotalAmount() is not (> 0 and var amount)
            || call.Text("subject") is not { Length: <= 256 } subject || call.Field("notify_url") is not { } notifyUrl || !SandboxUrls.IsReachable(notifyUrl))
        {
            return (null, AlipayAnswer.Failed("ACQ.INVALID_PARAMETER", "参数无效"));
        }

        var asked = new SandboxTrade
        {
            Merchant = call.Merchant,
            OutTradeNo = number,
            Code = SandboxNumbers.Code(),
            TransactionId = SandboxNumbers.Transaction(SandboxChannels.Alipay, time.GetUtcNow()),
            Product = product,
            Subject = subject,
            Amount = amount,
            NotifyUrl = notifyUrl,
            ReturnUrl = call.Field("return_url"),
            Attach = call.Text("passback_params"),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = Expiry(call),
            OpenedAt = product == TradeProduct.Precreate ? null : time.GetUtcNow(),
        };
        return await writer.WriteAsync((db, ct) => SaveAsync(db, asked, ct), cancellationToken);
    }

    private async Task<(SandboxTrade?, AlipayAnswer?)> SaveAsync(SandboxDbContext db, SandboxTrade asked, CancellationToken cancellationToken)
    {
        var known = await db.FindTradeAsync(asked.Merchant, asked.OutTradeNo, cancellationToken);
        if (known is null)
        {
            db.Attach(asked.Merchant);
            return (db.Trades.Add(asked).Entity, null);
        }

        known.CloseWhenExpired(time.GetUtcNow());
        if (known.Amount != asked.Amount || known.Subject != asked.Subject)
        {
            return (null, AlipayAnswer.Failed("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"));
        }

        known.OpenedAt ??= asked.OpenedAt;
        known.ReturnUrl = asked.ReturnUrl ?? known.ReturnUrl;
        return known.State switch
        {
            TradeState.Paid => (known, AlipayAnswer.Failed("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")),
            TradeState.Closed => (known, AlipayAnswer.Failed("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")),
            TradeState.Waiting => (known, null),
        };
    }

    private DateTimeOffset? Expiry(AlipayCall call)
    {
        if (call.Text("time_expire") is { } wall)
        {
            return Beijing.ParseWall(wall);
        }

        return call.Text("timeout_express") is { Length: > 1 } relative && relative[^1] == 'm'
            && int.TryParse(relative[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            ? time.GetUtcNow().AddMinutes(minutes)
            : null;
    }
}

internal static class AlipayExpiry
{
    /// <summary>Alipay closes a trade by itself at its last moment. Seen at the next look, as nobody can tell the difference.</summary>
    public static void CloseWhenExpired(this SandboxTrade trade, DateTimeOffset now)
    {
        if (trade.State == TradeState.Waiting && trade.OpenedAt is not null && trade.HasExpired(now))
        {
            trade.State = TradeState.Closed;
            trade.ClosedAt = trade.ExpiresAt;
        }
    }

    public static string Status(this SandboxTrade trade) => trade.State switch
    {
        TradeState.Waiting => "WAIT_BUYER_PAY",
        // Given back in full, a trade is over.
        TradeState.Paid => trade.GivenBack == trade.Amount ? "TRADE_CLOSED" : "TRADE_SUCCESS",
        TradeState.Closed => "TRADE_CLOSED",
    };
}
