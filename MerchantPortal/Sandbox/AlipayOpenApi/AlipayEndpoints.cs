using MerchantPortal.Sandbox.Wallet;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>gateway.do: one address for everything, told apart by <c>method</c>.</summary>
internal static class AlipayEndpoints
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapMethods($"/{SandboxChannels.Alipay}/gateway.do", [HttpMethods.Get, HttpMethods.Post], GatewayAsync);
        sandbox.MapGet($"/{SandboxChannels.Alipay}/bill/{{token}}", BillFileAsync);
    }

    /// <summary>Whoever has the address may fetch the file, as at Alipay.</summary>
    private static async Task BillFileAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<AlipayBills>().Find((string?)http.Request.RouteValues["token"] ?? "") is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "application/zip";
        await http.Response.Body.WriteAsync(file, http.RequestAborted);
    }

    private static async Task GatewayAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var (call, refusal) = await services.GetRequiredService<AlipayGate>().EnterAsync(http.Request, http.RequestAborted);
        if (call is null)
        {
            await RefuseAsync(http, refusal ?? AlipayRefusal.Invalid("isv.invalid-parameter", "参数无效"));
            return;
        }

        if (AlipayMethods.IsForBrowser(call.Method))
        {
            await OpenCashierAsync(http, call);
            return;
        }

        AlipayAnswer? answer = call.Method switch
        {
            AlipayMethods.Precreate => await services.GetRequiredService<PrecreateAlipayTrade>().ExecuteAsync(call, http.RequestAborted),
            AlipayMethods.Query => await services.GetRequiredService<QueryAlipayTrade>().ExecuteAsync(call, http.RequestAborted),
            AlipayMethods.BillAddress => await services.GetRequiredService<AlipayBills>().ExecuteAsync(call, http.RequestAborted),
            AlipayMethods.Close => await services.GetRequiredService<CloseAlipayTrade>().ExecuteAsync(call, http.RequestAborted),
            AlipayMethods.Refund => await services.GetRequiredService<AlipayRefundCalls>().RefundAsync(call, http.RequestAborted),
            AlipayMethods.RefundQuery => await services.GetRequiredService<AlipayRefundCalls>().QueryAsync(call, http.RequestAborted),
            _ => null,
        };
        if (answer is null && call.Method == AlipayMethods.Refund)
        {
            http.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            return;
        }

        await (answer is null
            ? AlipayAnswers.WriteAsync(http, AlipayRefusal.Invalid("isv.invalid-method", "不存在的方法名"))
            : services.GetRequiredService<AlipayAnswers>().WriteAsync(http, call, answer));
    }

    private static async Task OpenCashierAsync(HttpContext http, AlipayCall call)
    {
        var product = AlipayMethods.ProductOf(call.Method);
        var (trade, failure) = await http.RequestServices.GetRequiredService<OpenAlipayTrade>().ExecuteAsync(call, product, http.RequestAborted);
        if (trade is not null)
        {
            // A trade that is paid or closed has its own page to say so.
            http.Response.Redirect($"{SandboxUrls.CashierPath}{trade.Code}");
            return;
        }

        await WalletPages.ShowErrorAsync(http, failure?.Node["sub_code"]?.GetValue<string>() ?? "");
    }

    private static Task RefuseAsync(HttpContext http, AlipayRefusal refusal) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? WalletPages.ShowErrorAsync(http, refusal.SubCode)
            : AlipayAnswers.WriteAsync(http, refusal);
}
