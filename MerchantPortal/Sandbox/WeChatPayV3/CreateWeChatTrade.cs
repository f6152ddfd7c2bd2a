using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>native, h5, jsapi, app: the same order, led to the payer in different ways.</summary>
internal sealed partial class CreateWeChatTrade(SandboxWriter writer, PortalUrls urls, TimeProvider time)
{
    public async Task<WeChatAnswer> ExecuteAsync(WeChatCall call, TradeProduct product, CancellationToken cancellationToken)
    {
        if (call.Json() is not { } json || Order.Read(json) is not { } order)
        {
            return WeChatAnswer.Parameter("输入源“/body”映射到值字段时，格式不合法");
        }

        if (order.MerchantNo != call.Merchant.MerchantNo || order.AppId != call.Merchant.AppId)
        {
            return WeChatAnswer.Error(StatusCodes.Status400BadRequest, "APPID_MCHID_NOT_MATCH", "商户号与appid不匹配");
        }

        if (order.Lacks(product) is { } field)
        {
            return WeChatAnswer.Parameter($"缺少参数 {field}");
        }

        return await writer.WriteAsync((db, ct) => SaveAsync(db, call, product, order, ct), cancellationToken);
    }

    private async Task<WeChatAnswer> SaveAsync(
        SandboxDbContext db, WeChatCall call, TradeProduct product, Order order, CancellationToken cancellationToken)
    {
        var known = await db.FindTradeAsync(call.Merchant, order.OutTradeNo, cancellationToken);
        if (known is null)
        {
            db.Attach(call.Merchant);
            known = db.Trades.Add(NewTrade(call, product, order)).Entity;
        }

        return known.State switch
        {
            TradeState.Closed => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "ORDER_CLOSED", "订单已关闭"),
            TradeState.Paid => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "INVALID_REQUEST", "该订单已支付"),
            TradeState.Waiting when !order.IsSameAs(known) || known.Product != product =>
                WeChatAnswer.Error(StatusCodes.Status403Forbidden, "OUT_TRADE_NO_USED", "商户订单号重复，请求参数与原订单不一致"),
            TradeState.Waiting => WeChatAnswer.Ok(Prompt(known)),
        };
    }

    private SandboxTrade NewTrade(WeChatCall call, TradeProduct product, Order order)
    {
        var now = time.GetUtcNow();
        return new SandboxTrade
        {
            Merchant = call.Merchant,
            CertificateOnly = !call.AsksForPublicKey,
            OutTradeNo = order.OutTradeNo,
            Code = SandboxNumbers.Code(),
            TransactionId = SandboxNumbers.Transaction(SandboxChannels.WeChat, now),
            Product = product,
            Subject = order.Description,
            Amount = order.Total,
            NotifyUrl = order.NotifyUrl,
            Attach = order.Attach,
            CreatedAt = now,
            OpenedAt = now,
            // Less than a minute is lifted to a minute.
            ExpiresAt = order.ExpiresAt is { } at && at < now.AddMinutes(1) ? now.AddMinutes(1) : order.ExpiresAt,
        };
    }

    private JsonObject Prompt(SandboxTrade trade) => trade.Product switch
    {
        TradeProduct.H5 => new JsonObject { ["h5_url"] = $"{urls.Wallet(trade.Code)}?prepay_id={PrepayId.Of(trade)}" },
        TradeProduct.Jsapi or TradeProduct.App => new JsonObject { ["prepay_id"] = PrepayId.Of(trade) },
        TradeProduct.Native or TradeProduct.Page or TradeProduct.Wap or TradeProduct.Precreate or TradeProduct.Button => new JsonObject { ["code_url"] = urls.Wallet(trade.Code) },
    };

    /// <param name="Total">分.</param>
    private sealed partial record Order(
        string MerchantNo, string AppId, string OutTradeNo, string Description, long Total, string NotifyUrl, DateTimeOffset? ExpiresAt)
    {
        public string? Attach { get; private init; }

        public string? ClientIp { get; private init; }

        public string? OpenId { get; private init; }

        public string? SceneType { get; private init; }

        /// <returns>Null when the order has all that the product needs.</returns>
        public string? Lacks(TradeProduct product) => product switch
        {
            TradeProduct.H5 when ClientIp is null => "scene_info.payer_client_ip",
            TradeProduct.H5 when SceneType is not ("iOS" or "Android" or "Wap") => "scene_info.h5_info.type",
            TradeProduct.Jsapi when OpenId is null => "payer.openid",
            _ => null,
        };

        /// <returns>Null when a field is missing or breaks the documented limits.</returns>
        public static Order? Read(JsonObject json)
        {
            var amount = json["amount"] as JsonObject;
            var scene = json["scene_info"] as JsonObject ?? [];
            var expires = Text(json, "time_expire");
            DateTimeOffset? expiresAt = DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
            return Text(json, "mchid") is { } merchant && Text(json, "appid") is { } app
                && Text(json, "out_trade_no") is { } number && Number().IsMatch(number)
                && Text(json, "description") is { Length: > 0 and <= 127 } description
                && amount?["total"] is JsonValue value && value.TryGetValue<long>(out var total) && total >= 1
                && (Text(amount, "currency") ?? "CNY") == "CNY"
                && Text(json, "notify_url") is { Length: <= 255 } notify && SandboxUrls.IsReachable(notify) && !notify.Contains('?', StringComparison.Ordinal)
                && (expires is null || expiresAt is not null)
                ? new Order(merchant, app, number, description, total, notify, expiresAt)
                {
                    Attach = Text(json, "attach"),
                    ClientIp = Text(scene, "payer_client_ip"),
                    SceneType = scene["h5_info"] is JsonObject h5 ? Text(h5, "type") : null,
                    OpenId = json["payer"] is JsonObject payer ? Text(payer, "openid") : null,
                }
                : null;
        }

        /// <summary>time_expire is fixed by the first call and may differ in later ones.</summary>
        public bool IsSameAs(SandboxTrade trade) =>
            (Description, Total, NotifyUrl, Attach) == (trade.Subject, trade.Amount, trade.NotifyUrl, trade.Attach);

        private static string? Text(JsonObject json, string name) =>
            json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        [GeneratedRegex("^[0-9A-Za-z_\\-|*]{6,32}$")]
        private static partial Regex Number();
    }
}
