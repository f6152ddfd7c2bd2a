using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>One app at WeChat's first payment interface.</summary>
internal sealed class WeChatLegacyAppChannel : IPaymentChannel, IDeliveryReporting
{
    private readonly WeChatLegacyAppGateway _gateway;
    private readonly WeChatLegacyAppRequests _requests;
    private readonly WeChatLegacyAppVerifier _verifier;

    public WeChatLegacyAppChannel(ChannelSettings settings)
    {
        var keys = new WeChatLegacyAppKeys(settings.Form);
        _gateway = new WeChatLegacyAppGateway(settings, keys);
        _requests = new WeChatLegacyAppRequests(keys, settings.Time);
        _verifier = new WeChatLegacyAppVerifier(keys);
    }

    public string Channel => WeChatLegacyAppDefinition.Name;

    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        if (request.Method != PaymentMethod.App)
        {
            return new CreateResult.Refused("method_not_supported", $"This interface takes payments in apps only, not {request.Method}.");
        }

        return await _gateway.PostAsync(WeChatLegacyAppWire.GenPrepay, _requests.Prepay(request), cancellationToken) switch
        {
            WeChatLegacyAppAnswer.Unknown unknown => new CreateResult.Unknown(unknown.Reason),
            WeChatLegacyAppAnswer.NoToken no => new CreateResult.Refused(no.Code, no.Message),
            WeChatLegacyAppAnswer.Told { Succeeded: true } told => told.Content.Text("prepayid") is { } prepayId
                ? new CreateResult.Prompted(PaymentPrompt.App(_requests.Prompt(prepayId)))
                : new CreateResult.Unknown("WeChat accepted the order but gave no prepayid."),
            WeChatLegacyAppAnswer.Told { IsTransient: true } told => new CreateResult.Unknown(told.Describe()),
            WeChatLegacyAppAnswer.Told told => new CreateResult.Refused(told.CodeText, told.Message),
            _ => throw new InvalidOperationException("An answer is told, unknown, or never given for want of a token."),
        };
    }

    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) => WeChatLegacyAppTrade.Queried(
        await _gateway.PostAsync(WeChatLegacyAppWire.OrderQuery, _requests.Query(outTradeNo), cancellationToken), outTradeNo);

    /// <summary>The interface cannot close; an order ends by its <c>time_expire</c> alone.</summary>
    public Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) =>
        Task.FromResult<CloseResult>(new CloseResult.OnlyExpires());

    public Verification Verify(RawNotification raw) => _verifier.Verify(raw);

    /// <summary>WeChat repeats until it reads the word.</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => Acknowledgement.Word(outcome);

    /// <summary>WeChat names the payer in the notification's body only.</summary>
    public async Task<DeliveryReportResult> ReportDeliveryAsync(DeliveredPayment payment, CancellationToken cancellationToken)
    {
        if (payment.Message is not { } message || _verifier.ReadOpenId(message) is not { } openId)
        {
            return new DeliveryReportResult.Unknown("No notification has named the payer yet.");
        }

        return await _gateway.PostAsync(WeChatLegacyAppWire.DeliverNotify, _requests.Delivered(payment, openId), cancellationToken) switch
        {
            WeChatLegacyAppAnswer.Told { Succeeded: true } => new DeliveryReportResult.Accepted(),
            WeChatLegacyAppAnswer.Told { IsTransient: true } told => new DeliveryReportResult.Unknown(told.Describe()),
            WeChatLegacyAppAnswer.Told told => new DeliveryReportResult.Refused(told.Describe()),
            WeChatLegacyAppAnswer.NoToken no => new DeliveryReportResult.Unknown($"{no.Code} {no.Message}"),
            WeChatLegacyAppAnswer.Unknown unknown => new DeliveryReportResult.Unknown(unknown.Reason),
            _ => throw new InvalidOperationException("An answer is told, unknown, or never given for want of a token."),
        };
    }
}
