using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>Refunds by a call: asked for, and asked about.</summary>
internal sealed class WeChatRefundCalls(MakeRefund make)
{
    private static WeChatAnswer NotFound { get; } = WeChatAnswer.Error(StatusCodes.Status404NotFound, "RESOURCE_NOT_EXISTS", "退款单不存在");

    private static WeChatAnswer Silent { get; } = WeChatAnswer.Error(StatusCodes.Status504GatewayTimeout, "SYSTEM_ERROR", "系统超时");

    public async Task<WeChatAnswer> RefundAsync(WeChatCall call, CancellationToken cancellationToken)
    {
        var json = call.Json();
        var amount = json?["amount"] as JsonObject;
        if (Text(json, "transaction_id") is not { } transaction || Text(json, "out_refund_no") is not { Length: <= 64 } number
            || Whole(amount, "refund") is not { } fen || Whole(amount, "total") is null || Text(amount, "currency") != "CNY")
        {
            return WeChatAnswer.Parameter("退款参数错误");
        }

        return await make.ExecuteAsync(call.Merchant, new RefundCall(transaction, number, fen), cancellationToken) switch
        {
            MadeRefund.Made made => Answer(made.Refund),
            MadeRefund.Repeated repeated => Answer(repeated.Refund),
            MadeRefund.NumberTaken => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "INVALID_REQUEST", "退款金额与之前请求不一致"),
            MadeRefund.TooMuch => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "INVALID_REQUEST", "申请退款金额大于订单可退金额"),
            MadeRefund.NotAllowed => WeChatAnswer.Error(StatusCodes.Status403Forbidden, "USER_ACCOUNT_ABNORMAL", "退款请求失败，用户帐户注销"),
            MadeRefund.NoBalance => WeChatAnswer.Error(StatusCodes.Status403Forbidden, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"),
            _ => NotFound,
        };
    }

    public async Task<WeChatAnswer> QueryAsync(SandboxMerchant merchant, string number, CancellationToken cancellationToken) =>
        await make.FindAsync(merchant, number, cancellationToken) is { } refund ? WeChatAnswer.Ok(Json(refund)) : NotFound;

    private WeChatAnswer Answer(SandboxRefund refund) => make.IsSilent(refund) ? Silent : WeChatAnswer.Ok(Json(refund));

    private JsonObject Json(SandboxRefund refund)
    {
        var total = refund.Payment.Amount;
        var json = new JsonObject
        {
            ["refund_id"] = refund.RefundId,
            ["out_refund_no"] = refund.OutRefundNo,
            ["transaction_id"] = refund.Payment.TransactionId,
            ["out_trade_no"] = refund.Trade.OutTradeNo,
            ["channel"] = "ORIGINAL",
            ["user_received_account"] = "支付用户零钱",
            ["create_time"] = Beijing.Rfc3339(refund.RefundedAt),
            ["status"] = make.HasEnded(refund) ? WeChatRefundNotice.Status(refund) : "PROCESSING",
            ["amount"] = new JsonObject { ["total"] = total, ["refund"] = refund.Amount, ["payer_total"] = total, ["payer_refund"] = refund.Amount, ["currency"] = "CNY" },
        };
        if (make.HasEnded(refund) && refund.EndsAs == SandboxRefundEnd.Succeeded)
        {
            json["success_time"] = Beijing.Rfc3339(refund.RefundedAt);
        }

        return json;
    }

    private static string? Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static long? Whole(JsonObject? json, string name) => json?[name] is JsonValue value && value.TryGetValue<long>(out var whole) ? whole : null;
}
