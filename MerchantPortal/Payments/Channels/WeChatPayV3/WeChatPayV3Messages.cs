using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>Body of <c>POST /v3/pay/transactions/{native|h5|jsapi|app}</c>.</summary>
internal sealed record OrderMessage(
    [property: JsonPropertyName("appid")] string AppId,
    [property: JsonPropertyName("mchid")] string MchId,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("out_trade_no")] string OutTradeNo,
    [property: JsonPropertyName("time_expire")] string TimeExpire,
    [property: JsonPropertyName("notify_url")] string NotifyUrl,
    [property: JsonPropertyName("amount")] OrderAmountMessage Amount,
    [property: JsonPropertyName("scene_info")] SceneInfoMessage? SceneInfo,
    [property: JsonPropertyName("payer")] PayerMessage? Payer);

/// <param name="Total">分.</param>
internal sealed record OrderAmountMessage([property: JsonPropertyName("total")] long Total, [property: JsonPropertyName("currency")] string Currency);

internal sealed record SceneInfoMessage(
    [property: JsonPropertyName("payer_client_ip")] string PayerClientIp, [property: JsonPropertyName("h5_info")] H5InfoMessage? H5Info);

/// <param name="Type"><c>iOS</c>, <c>Android</c> or <c>Wap</c>; the last is any browser.</param>
internal sealed record H5InfoMessage([property: JsonPropertyName("type")] string Type);

internal sealed record PayerMessage([property: JsonPropertyName("openid")] string OpenId);

/// <summary>Body of <c>POST …/close</c>.</summary>
internal sealed record CloseOrderMessage([property: JsonPropertyName("mchid")] string MchId);

/// <summary>Body of <c>POST /v3/refund/domestic/refunds</c>.</summary>
internal sealed record RefundOrderMessage(
    [property: JsonPropertyName("transaction_id")] string TransactionId,
    [property: JsonPropertyName("out_refund_no")] string OutRefundNo,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("notify_url")] string NotifyUrl,
    [property: JsonPropertyName("amount")] RefundAmountMessage Amount);

/// <param name="Refund">分.</param>
/// <param name="Total">Of the payment, 分.</param>
internal sealed record RefundAmountMessage(
    [property: JsonPropertyName("refund")] long Refund, [property: JsonPropertyName("total")] long Total, [property: JsonPropertyName("currency")] string Currency);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrderMessage))]
[JsonSerializable(typeof(CloseOrderMessage))]
[JsonSerializable(typeof(RefundOrderMessage))]
internal sealed partial class WeChatPayV3Json : JsonSerializerContext;

/// <summary>A transaction, as notifications and answers to queries tell it. Null where it is missing or of another type.</summary>
/// <param name="Total">分; null also for a fraction, an exponent or a text.</param>
internal sealed record TransactionMessage(
    string? MchId,
    string? AppId,
    string? OutTradeNo,
    string? TransactionId,
    string? TradeState,
    string? SuccessTime,
    string? OpenId,
    long? Total,
    string? Currency)
{
    internal static TransactionMessage Read(JsonElement json)
    {
        var amount = json.Object("amount");
        return new(
            json.Text("mchid"),
            json.Text("appid"),
            json.Text("out_trade_no"),
            json.Text("transaction_id"),
            json.Text("trade_state", "SUCCESS"),
            json.Text("success_time"),
            json.Object("payer")?.Text("openid"),
            amount?.Whole("total"),
            amount?.Text("currency", "CNY"));
    }
}

/// <summary>A refund, as notifications tell it: without appid and currency, and with <c>refund_status</c> where the API says <c>status</c>.</summary>
/// <param name="Total">Of the order, in 分.</param>
/// <param name="Refund">Of this refund, in 分.</param>
internal sealed record RefundMessage(
    string? MchId,
    string? OutTradeNo,
    string? TransactionId,
    string? RefundId,
    string? OutRefundNo,
    string? RefundStatus,
    string? SuccessTime,
    long? Total,
    long? Refund)
{
    internal static RefundMessage Read(JsonElement json) => Read(json, "refund_status");

    /// <summary>The same in an answer to a call.</summary>
    internal static RefundMessage ReadAnswer(JsonElement json) => Read(json, "status");

    private static RefundMessage Read(JsonElement json, string status)
    {
        var amount = json.Object("amount");
        return new(
            json.Text("mchid"),
            json.Text("out_trade_no"),
            json.Text("transaction_id"),
            json.Text("refund_id"),
            json.Text("out_refund_no"),
            json.Text(status),
            json.Text("success_time"),
            amount?.Whole("total"),
            amount?.Whole("refund"));
    }
}

/// <summary>One sealed certificate of the answer to <c>GET /v3/certificates</c>.</summary>
internal sealed record CertificateMessage(string SerialNo, string Algorithm, byte[] Ciphertext, string AssociatedData, string Nonce)
{
    /// <returns>Null when a member is missing or of another type.</returns>
    internal static CertificateMessage? Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.Text("serial_no") is { Length: > 0 } serial
        && json.Object("encrypt_certificate") is { } envelope
        && envelope.Text("algorithm") is { } algorithm
        && envelope.Text("nonce") is { } nonce
        && envelope.TryGetProperty("ciphertext", out var text) && text.ValueKind == JsonValueKind.String
        && text.TryGetBytesFromBase64(out var ciphertext)
            ? new(serial, algorithm, ciphertext, envelope.Text("associated_data") ?? "", nonce)
            : null;
}

/// <summary>Body of a refusal.</summary>
internal sealed record ErrorMessage(string Code, string Message)
{
    internal static ErrorMessage? Read(JsonElement json) => json.Text("code") is { Length: > 0 } code ? new(code, json.Text("message") ?? "") : null;
}
