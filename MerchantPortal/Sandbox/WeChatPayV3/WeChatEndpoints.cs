using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>The paths of api.mch.weixin.qq.com, below the sandbox.</summary>
internal static class WeChatEndpoints
{
    private static readonly Dictionary<string, TradeProduct> Products = new(StringComparer.Ordinal)
    {
        ["native"] = TradeProduct.Native,
        ["h5"] = TradeProduct.H5,
        ["jsapi"] = TradeProduct.Jsapi,
        ["app"] = TradeProduct.App,
    };

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        var transactions = sandbox.MapGroup($"/{SandboxChannels.WeChat}/v3/pay/transactions");
        transactions.MapPost("/{product}", CreateAsync);
        transactions.MapGet("/out-trade-no/{number}", http => QueryAsync(http, isTransactionId: false));
        transactions.MapGet("/id/{number}", http => QueryAsync(http, isTransactionId: true));
        transactions.MapPost("/out-trade-no/{number}/close", CloseAsync);
        sandbox.MapPost($"/{SandboxChannels.WeChat}/v3/refund/domestic/refunds", RefundAsync);
        sandbox.MapGet($"/{SandboxChannels.WeChat}/v3/refund/domestic/refunds/{{number}}", QueryRefundAsync);
        sandbox.MapGet($"/{SandboxChannels.WeChat}/v3/certificates", CertificatesAsync);
        sandbox.MapGet($"/{SandboxChannels.WeChat}/v3/bill/tradebill", BillAsync);
        sandbox.MapGet($"/{SandboxChannels.WeChat}/v3/billdownload/file", BillFileAsync);
    }

    private static Task CreateAsync(HttpContext http) => AnswerAsync(http, call => Products.TryGetValue(Value(http, "product"), out var product)
        ? http.RequestServices.GetRequiredService<CreateWeChatTrade>().ExecuteAsync(call, product, http.RequestAborted)
        : Task.FromResult(WeChatAnswer.Error(StatusCodes.Status404NotFound, "NOT_FOUND", "接口不存在")));

    private static Task QueryAsync(HttpContext http, bool isTransactionId) => AnswerAsync(http, call =>
        http.Request.Query["mchid"] == call.Merchant.MerchantNo
            ? http.RequestServices.GetRequiredService<QueryWeChatTrade>().ExecuteAsync(call.Merchant, Value(http, "number"), isTransactionId, http.RequestAborted)
            : Task.FromResult(WeChatAnswer.Parameter("mchid 与签名商户号不一致")));

    private static Task CloseAsync(HttpContext http) => AnswerAsync(http, call =>
        call.Json()?["mchid"] is JsonValue value && value.TryGetValue<string>(out var merchant) && merchant == call.Merchant.MerchantNo
            ? http.RequestServices.GetRequiredService<CloseWeChatTrade>().ExecuteAsync(call.Merchant, Value(http, "number"), http.RequestAborted)
            : Task.FromResult(WeChatAnswer.Parameter("mchid 与签名商户号不一致")));

    private static Task RefundAsync(HttpContext http) => AnswerAsync(http, call =>
        http.RequestServices.GetRequiredService<WeChatRefundCalls>().RefundAsync(call, http.RequestAborted));

    private static Task QueryRefundAsync(HttpContext http) => AnswerAsync(http, call =>
        http.RequestServices.GetRequiredService<WeChatRefundCalls>().QueryAsync(call.Merchant, Value(http, "number"), http.RequestAborted));

    private static Task CertificatesAsync(HttpContext http) => AnswerAsync(http, call =>
        http.RequestServices.GetRequiredService<ListWeChatCertificates>().ExecuteAsync(call.Merchant, http.RequestAborted));

    private static Task BillAsync(HttpContext http) => AnswerAsync(http, call =>
        http.RequestServices.GetRequiredService<WeChatBills>().ExecuteAsync(call.Merchant, http.Request.Query["bill_date"].ToString(), http.RequestAborted));

    /// <summary>The request is signed, the answer is not.</summary>
    private static async Task BillFileAsync(HttpContext http)
    {
        var services = http.RequestServices;
        if (await services.GetRequiredService<WeChatGate>().EnterAsync(http) is null)
        {
            await services.GetRequiredService<WeChatAnswers>().WriteAsync(http, WeChatAnswer.SignError, key: null);
            return;
        }

        if (services.GetRequiredService<WeChatBills>().Find(http.Request.Query["token"].ToString()) is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "application/octet-stream";
        await http.Response.Body.WriteAsync(file, http.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext http, Func<WeChatCall, Task<WeChatAnswer>> work)
    {
        var answers = http.RequestServices.GetRequiredService<WeChatAnswers>();
        var key = await answers.KeyForAsync(http.Request, http.RequestAborted);
        if (await http.RequestServices.GetRequiredService<WeChatGate>().EnterAsync(http) is not { } call)
        {
            await answers.WriteAsync(http, WeChatAnswer.SignError, key: null);
            return;
        }

        await answers.WriteAsync(http, key is null ? WeChatAnswer.Parameter("平台证书序列号Wechatpay-Serial错误") : await work(call), key);
    }

    private static string Value(HttpContext http, string name) => (string?)http.Request.RouteValues[name] ?? "";
}
