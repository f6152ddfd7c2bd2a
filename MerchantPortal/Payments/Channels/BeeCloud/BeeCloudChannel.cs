using MerchantPortal.Orders;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>One app at BeeCloud. The address of a webhook and its type decide which of the two schemes it must satisfy, never the message.</summary>
internal sealed class BeeCloudChannel : IConfirmingChannel, IRefundingChannel
{
    /// <summary>Last part of the address that takes subscription webhooks.</summary>
    internal const string SubscriptionAddress = "subscription";

    private static readonly PlainPost Transport = new("BeeCloud posts; any other method is not a webhook.")
    {
        MediaType = "application/json",
        OtherMediaType = "The body is not JSON by its own word.",
    };

    private readonly BeeCloudKeys _keys;
    private readonly BeeCloudSettings _settings;
    private readonly BeeCloudBills _bills;
    private readonly BeeCloudRefunds _refunds;
    private readonly BeeCloudButton _button;

    public BeeCloudChannel(ChannelSettings channel, BeeCloudSettings settings)
    {
        _keys = BeeCloudKeys.Of(channel.Form);
        _settings = channel.Mode == PaymentMode.Test ? settings with { SourceAddresses = [] } : settings;
        var gateway = new BeeCloudGateway(_keys, channel.BaseUrl, channel.Http, channel.Time);
        _bills = new BeeCloudBills(gateway, channel.Time);
        _refunds = new BeeCloudRefunds(gateway);
        var script = channel.Mode == PaymentMode.Test ? new Uri(channel.BaseUrl, "1/pay/jsbutton/returnscripts") : settings.ButtonScriptUrl;
        _button = new BeeCloudButton(_keys, script, channel.Mode);
    }

    public string Channel => BeeCloudDefinition.Name;

    public Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken) =>
        request.Method == PaymentMethod.Button ? Task.FromResult(_button.Create(request)) : _bills.CreateAsync(request, cancellationToken);

    public Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) => _bills.QueryAsync(outTradeNo, cancellationToken);

    public Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) => _bills.CloseAsync(outTradeNo, cancellationToken);

    /// <summary>Of a Button's payment BeeCloud alone knows the channel, and of Alipay's it wants a person's password.</summary>
    public string? RefundObstacle(PaymentMethod method) => method == PaymentMethod.Native ? null : RefundFailures.PasswordNeeded;

    public Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.RefundAsync(request, cancellationToken);

    public Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.QueryAsync(request, cancellationToken);

    public Verification Verify(RawNotification raw)
    {
        var trace = new BeeCloudTrace(raw);
        if (raw.TooLarge)
        {
            return trace.Reject(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        if (Transport.Refusal(raw) is { } refusal)
        {
            return trace.Reject(TraceSteps.Headers, RejectionReasons.MalformedRequest, refusal);
        }

        var isSubscription = IsSubscription(raw.Path);
        if (isSubscription && !_settings.Allows(raw.RemoteAddress))
        {
            return trace.Reject(TraceSteps.Headers, RejectionReasons.SourceUnknown, "The sender's address is not one of those that the settings name for BeeCloud.");
        }

        var (json, reason) = BeeCloudJson.Read(raw.Body);
        return json is null
            ? trace.Reject(TraceSteps.Parse, reason ?? RejectionReasons.MalformedRequest, reason == RejectionReasons.DuplicateField
                ? "A field stands twice; programs differ in which one they take."
                : "The body is not one JSON object.")
            : isSubscription ? new BeeCloudSubscriptionWebhook(_keys).Verify(raw, json, trace)
            : new BeeCloudPaymentWebhook(_keys).Verify(json, trace);
    }

    public bool NeedsConfirmation(VerifiedNotification claimed) => claimed.Kind switch
    {
        // A registration moves no money, and BeeCloud documents no way to ask for one.
        NotificationKind.Subscription => claimed.Subscription is { Event: SubscriptionEvent.Charge },
        NotificationKind.PaymentSucceeded => _keys.ConfirmsByQuery,
        NotificationKind.PaymentPending or NotificationKind.PaymentClosed or NotificationKind.Unrelated or NotificationKind.Unrecognized => false,
        // The digest covers number and amount, and not how it ended.
        NotificationKind.RefundSucceeded or NotificationKind.RefundAbnormal or NotificationKind.RefundClosed => true,
    };

    public Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        var confirmation = new BeeCloudConfirmation(_bills);
        return claimed.Refund is not null ? _refunds.ConfirmAsync(claimed, cancellationToken)
            : claimed.Subscription is { } charge ? confirmation.OfChargeAsync(charge, cancellationToken) : confirmation.OfPaymentAsync(claimed, cancellationToken);
    }

    /// <summary>Seven letters mean "do not send again"; anything else means "again", for a day and a half.</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => Acknowledgement.Word(outcome);

    private static bool IsSubscription(string path) => path.EndsWith($"/{SubscriptionAddress}", StringComparison.OrdinalIgnoreCase);
}
