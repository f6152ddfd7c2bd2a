using System.Text.Json;
using MerchantPortal.Sandbox.Bills;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Panel;

/// <summary>The panel's handles for scripts. JSON, snake_case.</summary>
internal static class ControlApi
{
    private const int Shown = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapPost("/api/pay", SandboxAccess.ForStaff(PayAsync));
        sandbox.MapPost("/api/send-again", SandboxAccess.ForStaff(SendAgainAsync));
        sandbox.MapPost("/api/faults", SandboxAccess.ForStaff(ArmAsync));
        sandbox.MapPost("/api/app", SandboxAccess.ForStaff(OpenInAppAsync));
        sandbox.MapPost("/api/rotate-certificate", SandboxAccess.ForStaff(RotateAsync));
        sandbox.MapPost("/api/merchants", SandboxAccess.ForStaff(RegisterAsync));
        sandbox.MapGet("/api/trades", SandboxAccess.ForStaff(ListAsync));
    }

    /// <summary>Answers when the notifications that were due have been sent and answered.</summary>
    private static async Task PayAsync(HttpContext http)
    {
        var request = await ReadAsync<PayRequest>(http);
        var fault = request?.Fault is { } text ? Fault.Parse(text) : null;
        if (request is null || (request.Fault is not null && fault is null))
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, new ControlAnswer("invalid_request"));
            return;
        }

        var code = await CodeOfAsync(http, request);
        var result = await http.RequestServices.GetRequiredService<PayTrade>().ExecuteAsync(code, fault, http.RequestAborted);
        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        await AnswerAsync(http, code, result switch
        {
            PayTradeResult.Paid => (StatusCodes.Status200OK, "paid"),
            PayTradeResult.AlreadyPaid => (StatusCodes.Status409Conflict, "already_paid"),
            PayTradeResult.Closed => (StatusCodes.Status409Conflict, "closed"),
            PayTradeResult.Expired => (StatusCodes.Status409Conflict, "expired"),
            PayTradeResult.FaultNotApplicable => (StatusCodes.Status400BadRequest, "fault_not_applicable"),
            _ => (StatusCodes.Status404NotFound, "unknown"),
        });
    }

    private static async Task SendAgainAsync(HttpContext http)
    {
        var request = await ReadAsync<PayRequest>(http);
        var code = await CodeOfAsync(http, request);
        var sent = await http.RequestServices.GetRequiredService<SendAgain>().ExecuteAsync(code, http.RequestAborted);
        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        await AnswerAsync(http, code, sent ? (StatusCodes.Status200OK, "sent") : (StatusCodes.Status404NotFound, "nothing_to_send"));
    }

    private static async Task ArmAsync(HttpContext http)
    {
        var request = await ReadAsync<ArmRequest>(http);
        var fault = Fault.Parse(request?.NextPayment ?? "none");
        if (request is null || fault is null || !TryRead(request.NextAnswer, out AnswerFault answer) || !TryRead(request.NextScript, out ScriptFault script)
            || !TryRead(request.NextBill, out BillFault bill) || !TryRead(request.NextRefund, out RefundFault refund))
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, new ControlAnswer("invalid_request"));
            return;
        }

        var armed = http.RequestServices.GetRequiredService<ArmedFaults>();
        armed.NextPayment = fault;
        armed.NextAnswer = answer;
        armed.NextScript = script;
        armed.NextRefund = refund;
        armed.NextBill = bill;
        await WriteAsync(http, StatusCodes.Status200OK, new ControlAnswer("armed"));
    }

    /// <summary>Does what the wallet's SDK does on a phone; the trade can be paid afterwards.</summary>
    private static async Task OpenInAppAsync(HttpContext http)
    {
        var request = await ReadAsync<AppRequest>(http);
        var opened = await http.RequestServices.GetRequiredService<OpenInApp>().ExecuteAsync(request?.OrderString ?? "", http.RequestAborted);
        await (opened.Code is { } code
            ? AnswerAsync(http, code, (StatusCodes.Status200OK, "opened"))
            : WriteAsync(http, StatusCodes.Status400BadRequest, new ControlAnswer(opened.Problem ?? "unknown")));
    }

    /// <summary>No name means none.</summary>
    private static bool TryRead<T>(string? name, out T value)
        where T : struct, Enum
    {
        value = default;
        return name is null || Enum.TryParse(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out value);
    }

    /// <summary>From now on another platform certificate of WeChat Pay signs.</summary>
    private static async Task RotateAsync(HttpContext http)
    {
        var key = await http.RequestServices.GetRequiredService<SandboxKeys>().RotateCertificateAsync(http.RequestAborted);
        await WriteAsync(http, StatusCodes.Status200OK, new RotateAnswer("rotated", key.Serial));
    }

    private static async Task RegisterAsync(HttpContext http)
    {
        var request = await ReadAsync<RegisterRequest>(http);
        var form = await http.RequestServices.GetRequiredService<RegisterSandboxMerchant>().ExecuteAsync(request?.Channel ?? "", request?.Variant ?? "", http.RequestAborted);
        await (form is null
            ? WriteAsync(http, StatusCodes.Status400BadRequest, new ControlAnswer("unknown_channel"))
            : WriteAsync(http, StatusCodes.Status200OK, form));
    }

    private static async Task ListAsync(HttpContext http)
    {
        var trades = await http.RequestServices.GetRequiredService<TradeQueries>().RecentAsync(Shown, http.RequestAborted);
        await WriteAsync(http, StatusCodes.Status200OK, new TradeList([.. trades.Select(TradeView.Of)]));
    }

    internal static async Task AnswerAsync(HttpContext http, string code, (int StatusCode, string Result) answer)
    {
        var trade = await http.RequestServices.GetRequiredService<TradeQueries>().FindAsync(code, http.RequestAborted);
        await WriteAsync(http, answer.StatusCode, new ControlAnswer(answer.Result, trade is null ? null : TradeView.Of(trade)));
    }

    internal static async Task<string> CodeOfAsync(HttpContext http, PayRequest? request) => request?.Code
        ?? (request?.PrepayId is { } prepayId ? PrepayId.CodeOf(prepayId) : null)
        ?? await http.RequestServices.GetRequiredService<TradeQueries>().FindCodeAsync(request?.OutTradeNo ?? "", http.RequestAborted) ?? "";

    /// <returns>Null when the body is not what it should be.</returns>
    internal static async Task<T?> ReadAsync<T>(HttpContext http)
        where T : class
    {
        try
        {
            return await http.Request.ReadFromJsonAsync<T>(Json, http.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    internal static Task WriteAsync<T>(HttpContext http, int statusCode, T value)
    {
        http.Response.StatusCode = statusCode;
        return http.Response.WriteAsJsonAsync(value, Json, http.RequestAborted);
    }
}
