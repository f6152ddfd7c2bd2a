using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Wallet;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The paths of api.beecloud.cn and jspay.beecloud.cn, below the sandbox.</summary>
internal static class BeeCloudEndpoints
{
    private const string Button = "1/pay/jsbutton";
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        var gateway = sandbox.MapGroup($"/{SandboxChannels.BeeCloud}");
        gateway.MapPost("/2/rest/bill", CreateAsync);
        gateway.MapGet("/2/rest/bills", QueryAsync);
        gateway.MapPost("/2/rest/refund", RefundAsync);
        gateway.MapGet("/2/rest/refunds", QueryRefundsAsync);
        gateway.MapGet("/2/rest/refund/status", QueryRefundsAsync);
        gateway.MapGet($"/{Button}/returnscripts", ScriptAsync);
        gateway.MapGet($"/{Button}/open", OpenAsync);
        SubscriptionPanel.Map(sandbox);
    }

    private static async Task CreateAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = http.Request.ContentLength <= MaxBodyBytes ? await reader.ReadToEndAsync(http.RequestAborted) : "";
        var call = await http.RequestServices.GetRequiredService<BeeCloudGate>().EnterAsync(body, http.RequestAborted);
        await http.Response.WriteAsJsonAsync(
            call is null ? BeeCloudAnswer.AppInvalid() : await http.RequestServices.GetRequiredService<CreateBeeCloudBill>().ExecuteAsync(call, http.RequestAborted),
            http.RequestAborted);
    }

    private static async Task QueryAsync(HttpContext http)
    {
        var call = await http.RequestServices.GetRequiredService<BeeCloudGate>().EnterAsync(http.Request.Query["para"].ToString(), http.RequestAborted);
        await http.Response.WriteAsJsonAsync(
            call is null ? BeeCloudAnswer.AppInvalid() : await http.RequestServices.GetRequiredService<QueryBeeCloudBills>().ExecuteAsync(call, http.RequestAborted),
            http.RequestAborted);
    }

    /// <summary>Money leaves, so the Master Secret signs.</summary>
    private static async Task RefundAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = http.Request.ContentLength <= MaxBodyBytes ? await reader.ReadToEndAsync(http.RequestAborted) : "";
        var call = await http.RequestServices.GetRequiredService<BeeCloudGate>().EnterAsync(body, http.RequestAborted, BeeCloudGateway.MasterSecret);
        await http.Response.WriteAsJsonAsync(
            call is null ? BeeCloudAnswer.AppInvalid() : await http.RequestServices.GetRequiredService<BeeCloudRefundCalls>().RefundAsync(call, http.RequestAborted),
            http.RequestAborted);
    }

    private static async Task QueryRefundsAsync(HttpContext http)
    {
        var call = await http.RequestServices.GetRequiredService<BeeCloudGate>().EnterAsync(http.Request.Query["para"].ToString(), http.RequestAborted);
        await http.Response.WriteAsJsonAsync(
            call is null ? BeeCloudAnswer.AppInvalid() : await http.RequestServices.GetRequiredService<BeeCloudRefundCalls>().QueryAsync(call, http.RequestAborted),
            http.RequestAborted);
    }

    private static async Task ScriptAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var fault = services.GetRequiredService<ArmedFaults>().TakeNextScript();
        if (fault != ScriptFault.None)
        {
            await Task.Delay(fault == ScriptFault.Late ? Late : Never, services.GetRequiredService<TimeProvider>(), http.RequestAborted);
        }

        if (fault == ScriptFault.Never)
        {
            http.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            return;
        }

        http.Response.ContentType = "text/javascript; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        var cashier = new Uri(services.GetRequiredService<PortalUrls>().Base, $"sandbox/{SandboxChannels.BeeCloud}/{Button}/open").AbsoluteUri;
        await http.Response.WriteAsync(ButtonScript.Of(http.Request.Query["appId"].ToString(), cashier), http.RequestAborted);
    }

    private static async Task OpenAsync(HttpContext http)
    {
        var (trade, problem) = await http.RequestServices.GetRequiredService<OpenButtonTrade>().ExecuteAsync(http.Request.Query, http.RequestAborted);
        if (trade is null)
        {
            await WalletPages.ShowErrorAsync(http, problem);
            return;
        }

        http.Response.Redirect($"{SandboxUrls.CashierPath}{trade.Code}");
    }
}
