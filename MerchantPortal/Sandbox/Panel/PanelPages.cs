using MerchantPortal.Sandbox.BeeCloud;
using MerchantPortal.Sandbox.Bills;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Panel;

/// <summary>The merchant's view of the other side: trades, deliveries, answers, and a handle for each thing that can go wrong.</summary>
internal static class PanelPages
{
    private const int Shown = 50;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("", SandboxAccess.ForStaff(ShowAsync));
        sandbox.MapPost("/app", SandboxAccess.ForStaff(OpenInAppAsync));
        sandbox.MapPost("/next-payment", SandboxAccess.ForStaff(ArmNextAsync));
        sandbox.MapPost("/next-script", SandboxAccess.ForStaff(http => ArmAsync<ScriptFault>(http, "script", (armed, fault) => armed.NextScript = fault)));
        sandbox.MapPost("/next-bill", SandboxAccess.ForStaff(http => ArmAsync<BillFault>(http, "bill", (armed, fault) => armed.NextBill = fault)));
        sandbox.MapPost("/next-refund", SandboxAccess.ForStaff(http => ArmAsync<RefundFault>(http, "refund", (armed, fault) => armed.NextRefund = fault)));
        sandbox.MapPost("/rotate-certificate", SandboxAccess.ForStaff(RotateAsync));
        sandbox.MapPost("/trades/{code}/fault", SandboxAccess.ForStaff(ArmTradeAsync));
        sandbox.MapPost("/trades/{code}/pay", SandboxAccess.ForStaff(PayAsync));
        sandbox.MapPost("/trades/{code}/send", SandboxAccess.ForStaff(SendAgainAsync));
    }

    private static async Task ShowAsync(HttpContext http)
    {
        if (SandboxLanguage.Switch(http))
        {
            return;
        }

        var services = http.RequestServices;
        var queries = services.GetRequiredService<TradeQueries>();
        await new RazorComponentResult<PanelPage>(new Dictionary<string, object?>
        {
            ["Trades"] = await queries.RecentAsync(Shown, http.RequestAborted),
            ["Merchants"] = await queries.MerchantsAsync(Shown, http.RequestAborted),
            ["Certificate"] = await services.GetRequiredService<SandboxKeys>().GetAsync(SandboxKeyName.WeChatCertificate, http.RequestAborted),
            ["NextPayment"] = services.GetRequiredService<ArmedFaults>().NextPayment ?? Fault.None,
            ["Apps"] = await services.GetRequiredService<SubscriptionApps>().ListAsync(http.RequestAborted),
            ["NextRefund"] = services.GetRequiredService<ArmedFaults>().NextRefund,
            ["NextBill"] = services.GetRequiredService<ArmedFaults>().NextBill,
            ["NextScript"] = services.GetRequiredService<ArmedFaults>().NextScript,
            ["Now"] = services.GetRequiredService<TimeProvider>().GetUtcNow(),
        }).ExecuteAsync(http);
    }

    private static async Task OpenInAppAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var opened = await http.RequestServices.GetRequiredService<OpenInApp>().ExecuteAsync(form["order_string"].ToString(), http.RequestAborted);
        if (opened.Code is { } code)
        {
            http.Response.Redirect($"{SandboxUrls.WalletPath}{code}");
            return;
        }

        await WalletPages.ShowErrorAsync(http, opened.Problem ?? "");
    }

    private static async Task ArmNextAsync(HttpContext http)
    {
        http.RequestServices.GetRequiredService<ArmedFaults>().NextPayment = await FaultOfAsync(http);
        http.Response.Redirect("/sandbox");
    }

    private static async Task ArmAsync<TFault>(HttpContext http, string kind, Action<ArmedFaults, TFault> arm)
        where TFault : struct, Enum
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        arm(http.RequestServices.GetRequiredService<ArmedFaults>(), Enum.TryParse(form["fault"].ToString(), ignoreCase: true, out TFault fault) ? fault : default);
        http.Response.Redirect($"/sandbox#{kind}");
    }

    private static async Task RotateAsync(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<SandboxKeys>().RotateCertificateAsync(http.RequestAborted);
        http.Response.Redirect("/sandbox#certificate");
    }

    private static async Task ArmTradeAsync(HttpContext http)
    {
        var fault = await FaultOfAsync(http);
        await http.RequestServices.GetRequiredService<SandboxWriter>().WriteAsync(
            async (db, ct) =>
            {
                if (await db.Trades.SingleOrDefaultAsync(row => row.Code == Code(http), ct) is { } trade)
                {
                    trade.ArmedFault = fault.Kind == FaultKind.None ? null : fault;
                }

                return true;
            },
            http.RequestAborted);
        Back(http);
    }

    private static async Task PayAsync(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<PayTrade>().ExecuteAsync(Code(http), null, http.RequestAborted);
        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        Back(http);
    }

    private static async Task SendAgainAsync(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<SendAgain>().ExecuteAsync(Code(http), http.RequestAborted);
        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        Back(http);
    }

    private static async Task<Fault> FaultOfAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Fault.Parse(form["fault"].ToString()) ?? Fault.None;
    }

    private static void Back(HttpContext http) => http.Response.Redirect($"/sandbox#{Code(http)}");

    private static string Code(HttpContext http) => (string?)http.Request.RouteValues["code"] ?? "";
}
