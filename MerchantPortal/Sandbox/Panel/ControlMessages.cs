using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Panel;

/// <summary>Any of the numbers will do.</summary>
internal sealed record PayRequest(string? OutTradeNo, string? Code, string? Fault, string? PrepayId = null);

internal sealed record ArmRequest(string? NextPayment, string? NextAnswer, string? NextScript, string? NextBill = null, string? NextRefund = null);

/// <param name="Variant">Of the channel's protocol, e.g. <c>certificate</c>; null for the usual one.</param>
internal sealed record RegisterRequest(string? Channel, string? Variant);

/// <param name="OrderString">What the merchant's app would hand to the wallet's SDK.</param>
internal sealed record AppRequest(string? OrderString);

internal sealed record ControlAnswer(string Result, TradeView? Trade = null);

/// <param name="Serial">Of the certificate that signs now.</param>
internal sealed record RotateAnswer(string Result, string Serial);

internal sealed record TradeList(IReadOnlyList<TradeView> Items);

/// <param name="Amount">分.</param>
/// <param name="TransactionIds">One per payment; none while nobody has paid.</param>
internal sealed record TradeView(
    string Channel, string MerchantNo, string OutTradeNo, string Code, string Product, string State, long Amount, IReadOnlyList<string> TransactionIds)
{
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required IReadOnlyList<DeliveryView> Deliveries { get; init; }

    public required IReadOnlyList<RefundView> Refunds { get; init; }

    /// <summary>What the merchant reported of the goods (delivernotify).</summary>
    public required IReadOnlyList<DeliveryReportView> DeliveryReports { get; init; }

    public static TradeView Of(SandboxTrade trade) => new(
        trade.Merchant.Channel, trade.Merchant.MerchantNo, trade.OutTradeNo, trade.Code, Name(trade.Product), Name(trade.State), trade.Amount,
        [.. trade.Payments.OrderBy(payment => payment.Id).Select(payment => payment.TransactionId)])
    {
        CreatedAt = trade.CreatedAt,
        ExpiresAt = trade.ExpiresAt,
        Deliveries = [.. trade.Deliveries.OrderBy(delivery => delivery.Id).Select(delivery => new DeliveryView(
            Name(delivery.Event), Name(delivery.State), delivery.MessageId, delivery.Fault.Text, delivery.DueAt,
            [.. delivery.Attempts.OrderBy(attempt => attempt.Id).Select(attempt => new AttemptView(attempt.At, attempt.StatusCode, attempt.Answer, attempt.Acknowledged))]))],
        Refunds = [.. trade.Refunds.OrderBy(refund => refund.Id).Select(refund => new RefundView(refund.RefundId, refund.OutRefundNo, refund.Amount, refund.RefundedAt))],
        DeliveryReports = [.. trade.DeliveryReports.OrderBy(report => report.Id).Select(report => new DeliveryReportView(report.At, report.Delivered, report.Message))],
    };

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

internal sealed record DeliveryView(
    string Event, string State, string MessageId, string Fault, DateTimeOffset DueAt, IReadOnlyList<AttemptView> Attempts);

internal sealed record AttemptView(DateTimeOffset At, int? StatusCode, string Answer, bool Acknowledged);

internal sealed record DeliveryReportView(DateTimeOffset At, bool Delivered, string Message);
