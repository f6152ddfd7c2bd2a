using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>POST /2/rest/bill.</summary>
internal sealed class CreateBeeCloudBill(OpenBeeCloudTrade open, PortalUrls urls, TimeProvider time)
{
    private const int MaxTitleBytes = 32;
    private const long ShortestTimeout = 360;

    private static readonly Dictionary<string, TradeProduct> Products = new(StringComparer.Ordinal)
    {
        ["WX_NATIVE"] = TradeProduct.Native,
        ["ALI_WEB"] = TradeProduct.Page,
        ["ALI_WAP"] = TradeProduct.Wap,
    };

    public async Task<JsonObject> ExecuteAsync(BeeCloudCall call, CancellationToken cancellationToken)
    {
        if (!Products.TryGetValue(call.Text("channel") ?? "", out var product))
        {
            return BeeCloudAnswer.Of(3, "CHANNEL_INVALID", "channel");
        }

        if (Fault(call, product) is { } fault)
        {
            return BeeCloudAnswer.Parameter(fault);
        }

        var (trade, isNew) = await open.ExecuteAsync(call.Merchant, Read(call, product), cancellationToken);
        if (!isNew)
        {
            return BeeCloudAnswer.Of(17, "BILL_NO_DUPLICATE", trade.OutTradeNo);
        }

        var answer = BeeCloudAnswer.Ok();
        answer["id"] = trade.Id.ToString();
        if (product == TradeProduct.Native)
        {
            answer["code_url"] = urls.Wallet(trade.Code);
            return answer;
        }

        var cashier = new Uri(urls.Base, $"{SandboxUrls.CashierPath[1..]}{trade.Code}").AbsoluteUri;
        answer["url"] = cashier;
        answer["html"] = $"<form action=\"{cashier}\"></form><script>document.forms[0].submit()</script>";
        return answer;
    }

    /// <returns>The name of the field that is wrong; null when none is.</returns>
    private static string? Fault(BeeCloudCall call, TradeProduct product) =>
        call.Text("bill_no") is not { } number || !OpenBeeCloudTrade.Number().IsMatch(number) ? "bill_no"
        : call.Text("title") is not { } title || Encoding.UTF8.GetByteCount(title) > MaxTitleBytes ? "title"
        : call.Whole("total_fee") is not > 0 ? "total_fee"
        : !SandboxUrls.IsReachable(call.Text("notify_url")) ? "notify_url"
        : product != TradeProduct.Native && (!SandboxUrls.IsReachable(call.Text("return_url")) || call.Text("return_url")?.AsSpan().IndexOfAny('?', '#') >= 0) ? "return_url"
        : call.Fields["bill_timeout"] is not null && call.Whole("bill_timeout") is not > ShortestTimeout ? "bill_timeout"
        : null;

    private BeeCloudOrder Read(BeeCloudCall call, TradeProduct product) => new(
        call.Text("bill_no") ?? "", call.Text("title") ?? "", call.Whole("total_fee") ?? 0, product, call.Text("notify_url") ?? "")
    {
        ReturnUrl = call.Text("return_url"),
        Optional = (call.Fields["optional"] as JsonObject)?.ToJsonString(),
        ExpiresAt = call.Whole("bill_timeout") is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null,
    };
}
