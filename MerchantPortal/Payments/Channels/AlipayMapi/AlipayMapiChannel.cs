using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>One partner at Alipay's former interface.</summary>
internal sealed class AlipayMapiChannel : IConfirmingChannel
{
    private const string OrderString = "order_string";

    private readonly AlipayMapiSignature _signature;
    private readonly AlipayMapiRequest _requests;
    private readonly AlipayMapiGateway _gateway;
    private readonly AlipayMapiTrade _trades;
    private readonly AlipayMapiVerifier _verifier;
    private readonly AlipayMapiConfirmation _confirmation;
    private readonly IReadOnlyList<string> _banks;

    public AlipayMapiChannel(ChannelSettings settings, IReadOnlyList<string> banks)
    {
        var partner = AlipayOpenApiKeys.Text(settings.Form, AlipayMapiForm.Partner);
        var sellerEmail = (string?)settings.Form[AlipayMapiForm.SellerEmail];
        var messages = new AlipayMapiMessages(partner, sellerEmail);
        _banks = banks;
        _signature = AlipayMapiSignature.Of(settings.Form);
        _requests = new AlipayMapiRequest(partner, sellerEmail, _signature, settings.BaseUrl, settings.Time);
        _gateway = new AlipayMapiGateway(settings.Http, _signature);
        _trades = new AlipayMapiTrade(messages);
        _verifier = new AlipayMapiVerifier(_signature, messages);
        _confirmation = new AlipayMapiConfirmation(_gateway, _requests, _trades, settings.Time);
    }

    public string Channel => AlipayMapiDefinition.Name;

    /// <summary>Nothing is asked of Alipay: the trade comes into being when the buyer arrives.</summary>
    public Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken) => Task.FromResult<CreateResult>(request.Method switch
    {
        PaymentMethod.Page when request.Bank is { } bank && !_banks.Contains(bank) => new CreateResult.Refused("bank_unknown", "The bank is not one of this channel's."),
        PaymentMethod.Page => new CreateResult.Prompted(PaymentPrompt.Redirect(_requests.DirectPay(request).AbsoluteUri)),
        PaymentMethod.App when _signature.Name != AlipayMapiForm.Rsa =>
            new CreateResult.Refused("sign_type_unsuitable", "Payments in apps need RSA, and this account signs with MD5."),
        PaymentMethod.App => new CreateResult.Prompted(PaymentPrompt.App(new Dictionary<string, string> { [OrderString] = _requests.SecurityPay(request) })),
        _ => throw new ArgumentException($"Alipay's former interface has no method {request.Method}.", nameof(request)),
    });

    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) =>
        _trades.Queried(await _gateway.CallAsync(_requests.Query(outTradeNo), cancellationToken), outTradeNo);

    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) =>
        AlipayMapiTrade.Closed(await _gateway.CallAsync(_requests.Close(outTradeNo), cancellationToken));

    public Verification Verify(RawNotification raw) => _verifier.Verify(raw);

    public bool NeedsConfirmation(VerifiedNotification claimed) =>
        claimed.Kind is not (NotificationKind.PaymentPending or NotificationKind.Unrecognized);

    public Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken) =>
        _confirmation.AskAsync(raw, claimed, cancellationToken);

    /// <summary>Seven letters mean "do not send again"; anything else means "again".</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => Acknowledgement.Word(outcome);
}
