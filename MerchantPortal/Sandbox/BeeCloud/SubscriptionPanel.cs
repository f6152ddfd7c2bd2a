using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The panel's handles for subscriptions, as forms and for scripts.</summary>
internal static class SubscriptionPanel
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapPost("/subscriptions", SandboxAccess.ForStaff(RegisterAsync));
        sandbox.MapPost("/subscriptions/{code}/charge", SandboxAccess.ForStaff(ChargeAsync));
    }

    private static async Task RegisterAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        await AnswerAsync(http, await http.RequestServices.GetRequiredService<RegisterSubscription>().ExecuteAsync(
            form["app_id"].ToString(), form["webhook"].ToString(), FaultOf(form), http.RequestAborted));
    }

    private static async Task ChargeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        await AnswerAsync(http, await http.RequestServices.GetRequiredService<ChargeSubscription>().ExecuteAsync(
            (string?)http.Request.RouteValues["code"] ?? "", FaultOf(form), http.RequestAborted));
    }

    private static Fault FaultOf(IFormCollection form) =>
        Fault.Parse(form["fault"].ToString()) is { } fault && Fault.ForSubscriptions.Contains(fault.Kind) ? fault : Fault.None;

    /// <summary>Scripts take the address to find the trade's code.</summary>
    private static async Task AnswerAsync(HttpContext http, SandboxTrade? trade)
    {
        if (trade is null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        http.Response.Redirect($"/sandbox#{trade.Code}");
    }
}
