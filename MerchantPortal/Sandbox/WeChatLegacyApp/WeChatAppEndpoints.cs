using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

/// <summary>The paths of api.weixin.qq.com as they were in 2014, below the sandbox.</summary>
internal static class WeChatAppEndpoints
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        var api = sandbox.MapGroup($"/{SandboxChannels.WeChatApp}");
        api.MapGet("/cgi-bin/token", TokenAsync);
        api.MapPost("/pay/genprepay", PrepayAsync);
        api.MapPost("/pay/orderquery", QueryAsync);
        api.MapPost("/pay/delivernotify", DeliveredAsync);
    }

    private static async Task TokenAsync(HttpContext http)
    {
        var query = http.Request.Query;
        await WriteAsync(http, await http.RequestServices.GetRequiredService<WeChatAppTokens>().GiveAsync(
            query["grant_type"].ToString(), query["appid"].ToString(), query["secret"].ToString(), http.RequestAborted));
    }

    private static Task PrepayAsync(HttpContext http) => AnswerAsync(
        http, http.RequestServices.GetRequiredService<CreateWeChatAppTrade>().ExecuteAsync, "appid", "traceid", "noncestr", "package", "timestamp");

    private static Task QueryAsync(HttpContext http) => AnswerAsync(
        http, http.RequestServices.GetRequiredService<QueryWeChatAppTrade>().ExecuteAsync, "appid", "package", "timestamp");

    private static Task DeliveredAsync(HttpContext http) => AnswerAsync(
        http, http.RequestServices.GetRequiredService<TakeDeliveryReport>().ExecuteAsync,
        "appid", "openid", "transid", "out_trade_no", "deliver_timestamp", "deliver_status", "deliver_msg");

    private static async Task AnswerAsync(HttpContext http, Func<WeChatAppCall, CancellationToken, Task<JsonObject>> work, params string[] signed)
    {
        var (call, refusal) = await WeChatAppCall.ReadAsync(http, signed);
        await WriteAsync(http, call is null ? refusal ?? WeChatAppAnswer.BadRequest : await work(call, http.RequestAborted));
    }

    private static Task WriteAsync(HttpContext http, JsonObject answer)
    {
        http.Response.ContentType = "application/json; encoding=utf-8";
        return http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }
}
