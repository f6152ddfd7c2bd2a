using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>gateway.do: one address for everything, told apart by <c>service</c>.</summary>
internal static class MapiEndpoints
{
    public static void Map(IEndpointRouteBuilder sandbox) =>
        sandbox.MapMethods($"/{SandboxChannels.AlipayMapi}/gateway.do", [HttpMethods.Get, HttpMethods.Post], GatewayAsync);

    private static async Task GatewayAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var fields = await MapiGate.ReadAsync(http.Request, http.RequestAborted) ?? [];
        if (fields.GetValueOrDefault("service") == MapiWire.NotifyVerify)
        {
            await SendAsync(http, "text/html;charset=utf-8", await services.GetRequiredService<VerifyNotifyId>().ExecuteAsync(fields, http.RequestAborted));
            return;
        }

        var (call, error) = await services.GetRequiredService<MapiGate>().EnterAsync(fields, http.RequestAborted);
        if (fields.GetValueOrDefault("service") == MapiWire.DirectPay)
        {
            await OpenCashierAsync(http, call, error);
            return;
        }

        await SendAsync(http, "text/xml;charset=utf-8", call?.Service switch
        {
            null => MapiXml.Failed(error),
            MapiWire.SingleTradeQuery => await services.GetRequiredService<QueryMapiTrade>().ExecuteAsync(call, http.RequestAborted),
            MapiWire.CloseTrade => await services.GetRequiredService<CloseMapiTrade>().ExecuteAsync(call, http.RequestAborted),
            _ => MapiXml.Failed("ILLEGAL_SERVICE"),
        });
    }

    private static async Task OpenCashierAsync(HttpContext http, MapiCall? call, string error)
    {
        var (trade, refusal) = call is null
            ? (null, error)
            : await http.RequestServices.GetRequiredService<OpenMapiTrade>().ExecuteAsync(call, TradeProduct.Page, http.RequestAborted);
        if (trade is not null)
        {
            // A trade that is paid or closed has its own page to say so.
            http.Response.Redirect($"{SandboxUrls.CashierPath}{trade.Code}");
            return;
        }

        await WalletPages.ShowErrorAsync(http, refusal);
    }

    private static Task SendAsync(HttpContext http, string contentType, string body)
    {
        http.Response.ContentType = contentType;
        return http.Response.WriteAsync(body, http.RequestAborted);
    }
}
