using System.Text;
using MerchantPortal.Payments.Channels.WeChatOAuth;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>An account at WeChat Pay's version 2.</summary>
internal sealed class WeChatPayV2Channel : IConfirmingChannel, IPayerIdentification, IRefundingChannel
{
    private static readonly string Done = Encoding.UTF8.GetString(FlatXml.Write(
        WeChatWire.Root, [new(WeChatWire.ReturnCode, WeChatWire.Success), new(WeChatWire.ReturnMessage, "OK")]));

    private static readonly string Again = Encoding.UTF8.GetString(FlatXml.Write(
        WeChatWire.Root, [new(WeChatWire.ReturnCode, WeChatWire.Fail), new(WeChatWire.ReturnMessage, "ERROR")]));

    private readonly WeChatPayV2Account _account;
    private readonly WeChatPayV2Gateway _gateway;
    private readonly WeChatPayV2RefundCalls _refunds;
    private readonly WeChatPayV2Prompt _prompt;
    private readonly WeChatVisitor _visitor;
    private readonly TimeProvider _time;

    public WeChatPayV2Channel(ChannelSettings settings)
    {
        _account = new WeChatPayV2Account(settings.Form);
        _gateway = new WeChatPayV2Gateway(_account, settings.BaseUrl, settings.Http, settings.Time);
        var certificate = (string?)settings.Form[WeChatPayV2Form.ClientCertificate];
        var certified = string.IsNullOrEmpty(certificate) ? null : settings.HttpWith?.Invoke(WeChatPayV2Certificate.Open(certificate));
        _refunds = new WeChatPayV2RefundCalls(certified is null ? null : new WeChatPayV2Gateway(_account, settings.BaseUrl, certified, settings.Time), _gateway);
        _prompt = new WeChatPayV2Prompt(_account, settings.Time);
        _visitor = new WeChatVisitor(_account.AppId, (string?)settings.Form[WeChatPayV2Form.AppSecret], settings.WeChat, settings.Http, settings.Time);
        _time = settings.Time;
    }

    public string Channel => WeChatPayV2Definition.Name;

    public bool CanIdentify => _visitor.CanIdentify;

    public Uri AuthorizeUrl(Uri returnUrl, string state) => _visitor.AuthorizeUrl(returnUrl, state);

    public Task<PayerIdentity> IdentifyAsync(string code, CancellationToken cancellationToken) => _visitor.IdentifyAsync(code, cancellationToken);

    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        if (WeChatPayV2Order.TradeType(request.Method) is not { } tradeType)
        {
            return new CreateResult.Refused("method_not_supported", $"WeChat Pay v2 has no method {request.Method}.");
        }

        if (WeChatPayV2Order.Missing(request) is { } missing)
        {
            return missing;
        }

        var fields = WeChatPayV2Order.Fields(request, tradeType, _time.GetUtcNow());
        return WeChatPayV2Trade.Created(
            await _gateway.CallAsync(WeChatWire.UnifiedOrder, fields, cancellationToken), answer => _prompt.Of(answer, request));
    }

    /// <summary>See https://pay.weixin.qq.com/wiki/doc/api/native.php?chapter=9_2.</summary>
    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) =>
        WeChatPayV2Trade.Queried(await _gateway.CallAsync(WeChatWire.OrderQuery, [new(WeChatWire.OutTradeNo, outTradeNo)], cancellationToken), outTradeNo);

    /// <summary>See https://pay.weixin.qq.com/wiki/doc/api/native.php?chapter=9_3.</summary>
    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) =>
        WeChatPayV2Trade.Closed(await _gateway.CallAsync(WeChatWire.CloseOrder, [new(WeChatWire.OutTradeNo, outTradeNo)], cancellationToken));

    public string? RefundObstacle(PaymentMethod method) => _refunds.HasCertificate ? null : RefundFailures.CertificateMissing;

    public Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.RefundAsync(request, cancellationToken);

    public Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.QueryAsync(request, cancellationToken);

    public Verification Verify(RawNotification raw) => new WeChatPayV2Verification(_account, raw).Run();

    /// <summary>Refund notifications carry no signature at all.</summary>
    public bool NeedsConfirmation(VerifiedNotification claimed) => claimed.Refund is not null && claimed.Kind != NotificationKind.Unrecognized;

    public async Task<Confirmation> ConfirmAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken) =>
        claimed.Refund is not { } refund || (string.IsNullOrEmpty(refund.ChannelRefundId) && string.IsNullOrEmpty(refund.RefundNo))
            ? new Confirmation.Refuted("The message names no refund.")
            : WeChatPayV2Refunds.Judge(await _gateway.CallAsync(WeChatWire.RefundQuery, WeChatPayV2Refunds.Question(refund), cancellationToken), claimed);

    /// <summary>Always HTTP 200: WeChat Pay reads the verdict in the XML.</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => new(StatusCodes.Status200OK, "text/xml", outcome switch
    {
        CallbackStatus.Applied => Done,
        CallbackStatus.Duplicate => Done,
        CallbackStatus.Ignored => Done,
        CallbackStatus.Quarantined => Done,
        CallbackStatus.Deferred => Again,
        CallbackStatus.Rejected => Again,
    });
}
