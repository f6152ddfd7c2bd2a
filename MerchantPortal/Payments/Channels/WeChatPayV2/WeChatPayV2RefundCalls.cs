using System.Globalization;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>Refunds: asked for under the merchant's certificate, asked about like anything else. See https://pay.weixin.qq.com/wiki/doc/api/native.php?chapter=9_4.</summary>
/// <param name="certified">Null when the account has no certificate.</param>
internal sealed class WeChatPayV2RefundCalls(WeChatPayV2Gateway? certified, WeChatPayV2Gateway gateway)
{
    private const int MaxReasonBytes = 80;
    private const int MaxRefunds = 50;

    public bool HasCertificate => certified is not null;

    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        certified is null
            ? new RefundResult.Refused(RefundFailures.CertificateMissing, "The account has no client certificate.")
            : await certified.CallAsync(WeChatWire.Refund, Fields(request), cancellationToken) switch
            {
                WeChatPayV2Answer.Unproven unproven => new RefundResult.Unknown(unproven.Reason),
                WeChatPayV2Answer.Turned { IsBusy: true } busy => new RefundResult.Unknown(busy.Describe()),
                WeChatPayV2Answer.Turned turned => new RefundResult.Refused(WeChatWire.Fail, turned.Message),
                // SUCCESS means accepted; whether the money has gone is for the query to say.
                WeChatPayV2Answer.Signed { Succeeded: true } signed => Accepted(signed.Xml, request),
                WeChatPayV2Answer.Signed { Error: WeChatWire.NotEnough } signed => new RefundResult.Postponed(RefundFailures.BalanceTooSmall, signed.Describe()),
                WeChatPayV2Answer.Signed { IsUncertain: true } signed => new RefundResult.Unknown(signed.Describe()),
                WeChatPayV2Answer.Signed signed => new RefundResult.Refused(signed.Error, signed.Xml[WeChatWire.ErrorText] ?? signed.Error),
                var other => throw new InvalidOperationException($"No result for {other.GetType().Name}."),
            };

    public async Task<RefundResult> QueryAsync(RefundRequest request, CancellationToken cancellationToken) =>
        await gateway.CallAsync(WeChatWire.RefundQuery, [new(WeChatWire.OutRefundNo, request.RefundNo)], cancellationToken) switch
        {
            WeChatPayV2Answer.Unproven unproven => new RefundResult.Unknown(unproven.Reason),
            WeChatPayV2Answer.Turned turned => new RefundResult.Unknown(turned.Describe()),
            WeChatPayV2Answer.Signed { Error: WeChatWire.RefundNotExist } => new RefundResult.NotFound(),
            WeChatPayV2Answer.Signed { Succeeded: false } signed => new RefundResult.Unknown(signed.Describe()),
            WeChatPayV2Answer.Signed signed => Find(signed.Xml, request),
            var other => throw new InvalidOperationException($"No result for {other.GetType().Name}."),
        };

    private static IEnumerable<KeyValuePair<string, string>> Fields(RefundRequest request) =>
    [
        new(WeChatWire.TransactionId, request.ChannelTransactionId),
        new(WeChatWire.OutRefundNo, request.RefundNo),
        new(WeChatWire.TotalFee, Number(request.PaymentAmount)),
        new(WeChatWire.RefundFee, Number(request.Amount)),
        new("refund_desc", ShortText.Bytes(request.Reason, MaxReasonBytes)),
        new("notify_url", request.NotifyUrl.AbsoluteUri),
    ];

    private static RefundResult Accepted(FlatXml told, RefundRequest request) =>
        told[WeChatWire.OutRefundNo] != request.RefundNo ? new RefundResult.Unknown("WeChat Pay answered about another refund.")
        : WeChatWire.Fen(told[WeChatWire.RefundFee]) != request.Amount || told[WeChatWire.TransactionId] != request.ChannelTransactionId ? Taken
        : new RefundResult.Processing(told[WeChatWire.RefundId]);

    private static RefundResult Find(FlatXml told, RefundRequest request)
    {
        for (var n = 0; n < MaxRefunds; n++)
        {
            var index = Number(n);
            if (told[$"out_refund_no_{index}"] == request.RefundNo)
            {
                return told[WeChatWire.TransactionId] == request.ChannelTransactionId && WeChatWire.Fen(told[$"refund_fee_{index}"]) == request.Amount
                    ? Read(told, index)
                    : Taken;
            }
        }

        return new RefundResult.Unknown("WeChat Pay answered about another refund.");
    }

    private static RefundResult Read(FlatXml told, string index) => told[$"refund_status_{index}"] switch
    {
        WeChatWire.Success => Told(told, index, NotificationKind.RefundSucceeded),
        WeChatWire.Change => Told(told, index, NotificationKind.RefundAbnormal),
        WeChatWire.RefundClose => Told(told, index, NotificationKind.RefundClosed),
        WeChatWire.Processing => new RefundResult.Processing(told[$"refund_id_{index}"]),
        var other => new RefundResult.Unknown($"WeChat Pay told a refund status that is not known: {other}"),
    };

    private static RefundResult.Told Told(FlatXml told, string index, NotificationKind kind) => new(new VerifiedNotification
    {
        Kind = kind,
        Source = NotificationSource.Query,
        OutTradeNo = told[WeChatWire.OutTradeNo],
        ChannelTransactionId = told[WeChatWire.TransactionId],
        Amount = WeChatWire.Fen(told[WeChatWire.TotalFee]),
        OccurredAt = BeijingTime.Read(told[$"refund_success_time_{index}"]),
        Refund = new RefundFact(told[$"out_refund_no_{index}"], told[$"refund_id_{index}"], WeChatWire.Fen(told[$"refund_fee_{index}"]), TotalRefunded: null),
    });

    private static RefundResult.Refused Taken { get; } =
        new(RefundFailures.NumberTaken, "WeChat Pay has a refund of this number with another amount, or of another payment.");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
