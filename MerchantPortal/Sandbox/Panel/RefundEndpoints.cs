using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Panel;

/// <summary>Refunds in the merchant's console at the gateway: for the panel's form and for scripts.</summary>
internal static class RefundEndpoints
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapPost("/api/refunds", SandboxAccess.ForStaff(RefundAsync));
        sandbox.MapPost("/trades/{code}/refund", SandboxAccess.ForStaff(RefundByFormAsync));
    }

    /// <summary>Answers when the notifications that were due have been sent and answered.</summary>
    private static async Task RefundAsync(HttpContext http)
    {
        var request = await ControlApi.ReadAsync<RefundRequest>(http);
        if (request is null || Fault.Parse(request.Fault ?? Fault.None.Name) is not { } fault || request.OutRefundNo is { Length: 0 or > 64 })
        {
            await ControlApi.WriteAsync(http, StatusCodes.Status400BadRequest, new ControlAnswer("invalid_request"));
            return;
        }

        var code = await ControlApi.CodeOfAsync(http, new PayRequest(request.OutTradeNo, request.Code, null, request.PrepayId));
        var result = await ExecuteAsync(http, code, new RefundWish(request.Amount, request.OutRefundNo, fault));
        await ControlApi.AnswerAsync(http, code, result switch
        {
            RefundTradeResult.Refunded => (StatusCodes.Status200OK, "refunded"),
            RefundTradeResult.NotPaid => (StatusCodes.Status409Conflict, "not_paid"),
            RefundTradeResult.TooMuch => (StatusCodes.Status409Conflict, "amount_not_refundable"),
            RefundTradeResult.FaultNotApplicable => (StatusCodes.Status400BadRequest, "fault_not_applicable"),
            RefundTradeResult.NotHere => (StatusCodes.Status400BadRequest, "channel_without_refunds"),
            _ => (StatusCodes.Status404NotFound, "unknown"),
        });
    }

    private static async Task RefundByFormAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var code = (string?)http.Request.RouteValues["code"] ?? "";
        var amount = form["amount"].ToString().Trim();
        // What cannot be read refunds nothing, instead of everything.
        await ExecuteAsync(http, code, new RefundWish(
            amount.Length == 0 ? null : Money.ParseYuan(amount) ?? 0, null, Fault.Parse(form["fault"].ToString()) ?? Fault.None));
        http.Response.Redirect($"/sandbox#{code}");
    }

    private static async Task<RefundTradeResult> ExecuteAsync(HttpContext http, string code, RefundWish wish)
    {
        var result = await http.RequestServices.GetRequiredService<RefundTrade>().ExecuteAsync(code, wish, http.RequestAborted);
        await http.RequestServices.GetRequiredService<NotificationPump>().QuietSoonAsync(http.RequestAborted);
        return result;
    }
}

/// <param name="Amount">分; all that is left when it is missing.</param>
/// <param name="OutRefundNo">The merchant's number; made by the gateway when it is missing.</param>
internal sealed record RefundRequest(string? OutTradeNo, string? Code, string? PrepayId, long? Amount, string? OutRefundNo, string? Fault);

/// <param name="Amount">分.</param>
internal sealed record RefundView(string RefundId, string OutRefundNo, long Amount, DateTimeOffset RefundedAt);
