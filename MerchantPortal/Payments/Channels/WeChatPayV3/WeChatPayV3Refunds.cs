using System.Text.Json;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>Refunds: asked for and asked about. See https://pay.weixin.qq.com/doc/v3/merchant/4012556457.</summary>
internal sealed class WeChatPayV3Refunds(WeChatPayV3Gateway gateway)
{
    private const string Path = "v3/refund/domestic/refunds";
    private const int MaxReasonBytes = 80;

    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        await gateway.SendAsync(HttpMethod.Post, Path, Body(request), cancellationToken) switch
        {
            // 200 means accepted, not paid out: the status says more.
            WeChatPayV3Answer.Signed { Status: 200 } signed => Read(signed, request),
            WeChatPayV3Answer.Signed => new RefundResult.Unknown("The answer says nothing of the refund."),
            WeChatPayV3Answer.Refused { Code: "NOT_ENOUGH" or "NOTENOUGH" } refused => new RefundResult.Postponed(RefundFailures.BalanceTooSmall, refused.Message),
            WeChatPayV3Answer.Refused { IsTransient: true } refused => new RefundResult.Unknown(refused.Summary),
            WeChatPayV3Answer.Refused refused => new RefundResult.Refused(refused.Code, refused.Message),
            WeChatPayV3Answer.Unknown unknown => new RefundResult.Unknown(unknown.Reason),
            var other => throw new InvalidOperationException($"No result for {other.GetType().Name}."),
        };

    public async Task<RefundResult> QueryAsync(RefundRequest request, CancellationToken cancellationToken) =>
        await gateway.SendAsync(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(request.RefundNo)}", [], cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 200 } signed => Read(signed, request),
            WeChatPayV3Answer.Refused { Status: 404, Code: "RESOURCE_NOT_EXISTS" or "RESOURCE_NOT_EXIST" } => new RefundResult.NotFound(),
            WeChatPayV3Answer.Signed => new RefundResult.Unknown("The answer says nothing of the refund."),
            WeChatPayV3Answer.Refused refused => new RefundResult.Unknown(refused.Summary),
            WeChatPayV3Answer.Unknown unknown => new RefundResult.Unknown(unknown.Reason),
            var other => throw new InvalidOperationException($"No result for {other.GetType().Name}."),
        };

    private static byte[] Body(RefundRequest request) => JsonSerializer.SerializeToUtf8Bytes(
        new RefundOrderMessage(
            request.ChannelTransactionId,
            request.RefundNo,
            ShortText.Bytes(request.Reason, MaxReasonBytes) is { Length: > 0 } reason ? reason : null,
            request.NotifyUrl.AbsoluteUri,
            new(request.Amount, request.PaymentAmount, Money.Currency)),
        WeChatPayV3Json.Default.RefundOrderMessage);

    private static RefundResult Read(WeChatPayV3Answer.Signed signed, RefundRequest request) =>
        WeChatPayV3Reader.Read(signed.Body, RefundMessage.ReadAnswer) is not { } told ? new RefundResult.Unknown("The answer is not a refund.")
        : told.OutRefundNo != request.RefundNo ? new RefundResult.Unknown("The answer is about another refund.")
        : told.Refund != request.Amount || told.TransactionId != request.ChannelTransactionId
            ? new RefundResult.Refused(RefundFailures.NumberTaken, "WeChat Pay has a refund of this number with another amount, or of another payment.")
        : told.RefundStatus == "PROCESSING" ? new RefundResult.Processing(told.RefundId)
        : WeChatPayV3Mapping.OfRefundAnswer(told) is { } notification ? new RefundResult.Told(notification)
        : new RefundResult.Unknown($"WeChat Pay told a refund status that is not known: {told.RefundStatus}");
}
