using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>unifiedorder: one order, led to the payer in four ways.</summary>
internal sealed class CreateWeChatV2Trade(SandboxWriter writer, PortalUrls urls, TimeProvider time)
{
    public async Task<WeChatV2Answer> ExecuteAsync(WeChatV2Call call, CancellationToken cancellationToken)
    {
        var (order, lacking) = WeChatV2Order.Read(call.Xml, time.GetUtcNow());
        return order is null
            ? WeChatV2Answer.Error(call.Xml[lacking] is null ? "LACK_PARAMS" : "PARAM_ERROR", $"{lacking}参数错误")
            : await writer.WriteAsync((db, ct) => SaveAsync(db, call, order, ct), cancellationToken);
    }

    private async Task<WeChatV2Answer> SaveAsync(SandboxDbContext db, WeChatV2Call call, WeChatV2Order order, CancellationToken cancellationToken)
    {
        var known = await db.FindTradeAsync(call.Merchant, order.OutTradeNo, cancellationToken);
        if (known is null)
        {
            db.Attach(call.Merchant);
            known = db.Trades.Add(NewTrade(call, order)).Entity;
        }

        return known.State switch
        {
            TradeState.Closed => WeChatV2Answer.Error("ORDERCLOSED", "该订单已关闭"),
            TradeState.Paid => WeChatV2Answer.Error("ORDERPAID", "该订单已支付"),
            TradeState.Waiting when !order.IsSameAs(known) => WeChatV2Answer.Error("OUT_TRADE_NO_USED", "商户订单号重复"),
            TradeState.Waiting => Prompt(known),
        };
    }

    private SandboxTrade NewTrade(WeChatV2Call call, WeChatV2Order order)
    {
        var now = time.GetUtcNow();
        return new SandboxTrade
        {
            Merchant = call.Merchant,
            OutTradeNo = order.OutTradeNo,
            Code = SandboxNumbers.Code(),
            TransactionId = SandboxNumbers.Transaction(SandboxChannels.WeChatV2, now),
            Product = order.Product,
            Subject = order.Body,
            Amount = order.Total,
            NotifyUrl = order.NotifyUrl,
            Attach = order.Attach,
            SignType = call.SignType,
            CreatedAt = now,
            OpenedAt = now,
            ExpiresAt = order.ExpiresAt,
        };
    }

    private WeChatV2Answer Prompt(SandboxTrade trade)
    {
        var type = WeChatV2Wire.TradeType(trade.Product);
        return trade.Product switch
        {
            TradeProduct.Native => WeChatV2Answer.Ok(("trade_type", type), ("prepay_id", PrepayId.Of(trade)), ("code_url", urls.Wallet(trade.Code))),
            TradeProduct.H5 => WeChatV2Answer.Ok(
                ("trade_type", type), ("prepay_id", PrepayId.Of(trade)), ("mweb_url", $"{urls.Wallet(trade.Code)}?prepay_id={PrepayId.Of(trade)}")),
            TradeProduct.Jsapi or TradeProduct.App or TradeProduct.Page or TradeProduct.Wap or TradeProduct.Precreate or TradeProduct.Button =>
                WeChatV2Answer.Ok(("trade_type", type), ("prepay_id", PrepayId.Of(trade))),
        };
    }
}
