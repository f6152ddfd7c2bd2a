using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV2;

/// <summary>The order that a merchant has posted to unifiedorder.</summary>
/// <param name="Total">分.</param>
/// <param name="ExpiresAt">Null when the merchant set no end.</param>
internal sealed partial record WeChatV2Order(TradeProduct Product, string OutTradeNo, string Body, long Total, string NotifyUrl, string? Attach, DateTimeOffset? ExpiresAt)
{
    private static readonly Dictionary<string, TradeProduct> Products = new(StringComparer.Ordinal)
    {
        ["NATIVE"] = TradeProduct.Native,
        ["JSAPI"] = TradeProduct.Jsapi,
        ["APP"] = TradeProduct.App,
        ["MWEB"] = TradeProduct.H5,
    };

    /// <returns>The order; or null and the field that is missing or breaks the documented limits.</returns>
    public static (WeChatV2Order? Order, string Lacking) Read(FlatXml xml, DateTimeOffset now)
    {
        var expiresAt = Beijing.ParseCompact(xml["time_expire"]);
        var startsAt = Beijing.ParseCompact(xml["time_start"]) ?? now;
        var lacking = !Products.ContainsKey(xml["trade_type"] ?? "") ? "trade_type"
            : !Number().IsMatch(xml["out_trade_no"] ?? "") ? "out_trade_no"
            : xml["body"] is not { } body || Encoding.UTF8.GetByteCount(body) > 128 ? "body"
            : !Fee().IsMatch(xml["total_fee"] ?? "") ? "total_fee"
            : (xml["fee_type"] ?? "CNY") != "CNY" ? "fee_type"
            : !IPAddress.TryParse(xml["spbill_create_ip"], out _) ? "spbill_create_ip"
            : xml["notify_url"] is not { Length: <= 256 } notify || !SandboxUrls.IsReachable(notify) || notify.Contains('?', StringComparison.Ordinal) ? "notify_url"
            : xml["time_expire"] is not null && !(expiresAt >= startsAt.AddMinutes(1)) ? "time_expire"
            : Needed(xml);
        return lacking.Length > 0 ? (null, lacking) : (
            new(Products[xml["trade_type"] ?? ""], xml["out_trade_no"] ?? "", xml["body"] ?? "", long.Parse(xml["total_fee"] ?? "", CultureInfo.InvariantCulture),
                xml["notify_url"] ?? "", xml["attach"], expiresAt), "");
    }

    /// <summary>The times are fixed by the first call and may differ in later ones.</summary>
    public bool IsSameAs(SandboxTrade trade) =>
        (Product, Body, Total, NotifyUrl, Attach) == (trade.Product, trade.Subject, trade.Amount, trade.NotifyUrl, trade.Attach);

    /// <returns>Empty when the way to the payer has all that it needs.</returns>
    private static string Needed(FlatXml xml) => xml["trade_type"] switch
    {
        "NATIVE" when xml["product_id"] is not { Length: <= 32 } => "product_id",
        "JSAPI" when xml["openid"] is not { Length: <= 128 } => "openid",
        "MWEB" when xml["scene_info"] is not { Length: <= 256 } => "scene_info",
        _ => "",
    };

    [GeneratedRegex("^[0-9A-Za-z_\\-|*]{6,32}$")]
    private static partial Regex Number();

    [GeneratedRegex("^[1-9][0-9]{0,8}$")]
    private static partial Regex Fee();
}
