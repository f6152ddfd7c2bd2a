using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>One merchant app at Alipay's OpenAPI (电脑网站支付, 手机网站支付, 当面付, App 支付), with RSA2.</summary>
internal sealed class AlipayOpenApiChannel : IBillSource, IConfirmingChannel, IRefundingChannel
{
    private const string OrderString = "order_string";

    private readonly AlipayOpenApiRequest _requests;
    private readonly AlipayOpenApiGateway _gateway;
    private readonly AlipayOpenApiRefunds _refunds;
    private readonly AlipayOpenApiRefundAmount _refundAmount;
    private readonly AlipayOpenApiVerifier _verifier;
    private readonly AlipayOpenApiBills _bills;

    public AlipayOpenApiChannel(ChannelSettings settings)
    {
        var keys = new AlipayOpenApiKeys(settings.Form);
        _requests = new AlipayOpenApiRequest(AlipayOpenApiKeys.Text(settings.Form, AlipayOpenApiForm.AppId), keys, settings.BaseUrl, settings.Time);
        _gateway = new AlipayOpenApiGateway(settings.Http, _requests, keys);
        _refunds = new AlipayOpenApiRefunds(_gateway);
        _refundAmount = new AlipayOpenApiRefundAmount(_gateway, settings.Time);
        _verifier = new AlipayOpenApiVerifier(keys);
        _bills = new AlipayOpenApiBills(_gateway, settings.BaseUrl, new BillTransfer(settings.Http, settings.Time), settings.Time);
    }

    public string Channel => AlipayOpenApiDefinition.Name;

    public IBillFormat BillFormat => AlipayOpenApiBillLines.Format;

    /// <summary>
    /// For page, wap and app nothing is asked of Alipay: the trade comes into being when the buyer arrives at the cashier, and
    /// <c>time_expire</c> is what stops it.
    /// </summary>
    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        switch (request.Method)
        {
            case PaymentMethod.Page:
                return Redirect(AlipayWire.PagePay, AlipayOpenApiContent.Page(request), request);
            case PaymentMethod.Wap:
                return Redirect(AlipayWire.WapPay, AlipayOpenApiContent.Wap(request), request);
            case PaymentMethod.App:
                var order = AlipayOpenApiRequest.OrderString(_requests.Fields(AlipayWire.AppPay, AlipayOpenApiContent.App(request), request.NotifyUrl));
                return new CreateResult.Prompted(PaymentPrompt.App(new Dictionary<string, string> { [OrderString] = order }));
            case PaymentMethod.Precreate:
                var answer = await _gateway.CallAsync(AlipayWire.Precreate, AlipayOpenApiContent.Precreate(request), request.NotifyUrl, cancellationToken);
                return AlipayOpenApiTrade.Created(answer, request.OutTradeNo);
            default:
                throw new ArgumentException($"Alipay has no method {request.Method}.", nameof(request));
        }
    }

    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) => AlipayOpenApiTrade.Queried(
        await _gateway.CallAsync(AlipayWire.Query, AlipayOpenApiContent.Number(outTradeNo), notifyUrl: null, cancellationToken), outTradeNo);

    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) => AlipayOpenApiTrade.Closed(
        await _gateway.CallAsync(AlipayWire.Close, AlipayOpenApiContent.Number(outTradeNo), notifyUrl: null, cancellationToken), outTradeNo);

    public Task<BillDownload> DownloadBillAsync(DateOnly day, Stream target, CancellationToken cancellationToken) =>
        _bills.DownloadAsync(day, target, cancellationToken);

    public string? RefundObstacle(PaymentMethod method) => null;

    public Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.RefundAsync(request, cancellationToken);

    public Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.QueryAsync(request, cancellationToken);

    public Verification Verify(RawNotification raw) => _verifier.Verify(raw);

    public bool NeedsConfirmation(VerifiedNotification claimed) => AlipayOpenApiRefundAmount.IsMissing(claimed);

    public Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken) =>
        _refundAmount.AskAsync(raw, claimed, cancellationToken);

    /// <summary>Seven letters mean "do not send again"; anything else means "again".</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => Acknowledgement.Word(outcome);

    private CreateResult.Prompted Redirect(string method, IEnumerable<KeyValuePair<string, string?>> content, CreatePayment request) =>
        new(PaymentPrompt.Redirect(_requests.Address(_requests.Fields(method, content, request.NotifyUrl, request.ReturnUrl))));
}
