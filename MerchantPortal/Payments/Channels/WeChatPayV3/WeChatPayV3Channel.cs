using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>An account at WeChat Pay APIv3.</summary>
internal sealed class WeChatPayV3Channel(
    WeChatPayV3Keys keys, WeChatPayV3Gateway gateway, WeChatPayV3Bills bills, IPayerIdentification visitor, TimeProvider time)
    : IPlatformKeySource, IPayerIdentification, IBillSource, IRefundingChannel
{
    private readonly WeChatPayV3Refunds _refunds = new(gateway);

    public string Channel => WeChatPayV3Definition.Name;

    public bool DownloadsKeys => keys.DownloadsKeys;

    public IBillFormat BillFormat => WeChatPayV3BillLines.Format;

    public bool CanIdentify => visitor.CanIdentify;

    public Uri AuthorizeUrl(Uri returnUrl, string state) => visitor.AuthorizeUrl(returnUrl, state);

    public Task<PayerIdentity> IdentifyAsync(string code, CancellationToken cancellationToken) => visitor.IdentifyAsync(code, cancellationToken);

    /// <summary>See https://pay.weixin.qq.com/docs/merchant/products/native-payment/apilist.html.</summary>
    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        if (WeChatPayV3Order.Refusal(request) is { } refusal)
        {
            return refusal;
        }

        var body = WeChatPayV3Order.Body(request, keys);
        return await gateway.SendAsync(HttpMethod.Post, $"v3/pay/transactions/{WeChatPayV3Order.Product(request.Method)}", body, cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 200 } signed when PromptOf(signed, request) is { } prompt => new CreateResult.Prompted(prompt),
            WeChatPayV3Answer.Signed => new CreateResult.Unknown("The answer holds nothing that leads to the payment."),
            // Paid already means that the number exists: a query tells more than a refusal would.
            WeChatPayV3Answer.Refused refused when refused.IsTransient || IsPaid(refused) => new CreateResult.Unknown(refused.Summary),
            WeChatPayV3Answer.Refused refused => new CreateResult.Refused(refused.Code, refused.Message),
            WeChatPayV3Answer.Unknown unknown => new CreateResult.Unknown(unknown.Reason),
            var other => throw Unexpected(other),
        };
    }

    /// <summary>See https://pay.weixin.qq.com/doc/v3/merchant/4013070356.</summary>
    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) =>
        await gateway.SendAsync(HttpMethod.Get, $"{OrderPath(outTradeNo)}?mchid={Uri.EscapeDataString(keys.MerchantId)}", [], cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 200 } signed => TransactionOf(signed, outTradeNo),
            WeChatPayV3Answer.Signed signed => new QueryResult.Unknown(string.Create(CultureInfo.InvariantCulture, $"HTTP {signed.Status} to a query.")),
            WeChatPayV3Answer.Refused refused when IsNotFound(refused) => new QueryResult.NotFound(),
            WeChatPayV3Answer.Refused refused => new QueryResult.Unknown(refused.Summary),
            WeChatPayV3Answer.Unknown unknown => new QueryResult.Unknown(unknown.Reason),
            var other => throw Unexpected(other),
        };

    /// <summary>See https://pay.weixin.qq.com/doc/v3/merchant/4013070360.</summary>
    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new(keys.MerchantId), WeChatPayV3Json.Default.CloseOrderMessage);
        return await gateway.SendAsync(HttpMethod.Post, $"{OrderPath(outTradeNo)}/close", body, cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 204, Body.Length: 0 } => new CloseResult.Closed(),
            WeChatPayV3Answer.Signed signed => new CloseResult.Unknown(string.Create(CultureInfo.InvariantCulture, $"HTTP {signed.Status} instead of 204.")),
            WeChatPayV3Answer.Refused refused when IsNotFound(refused) => new CloseResult.NotFound(),
            WeChatPayV3Answer.Refused refused when IsPaid(refused) => new CloseResult.AlreadyPaid(),
            WeChatPayV3Answer.Refused { Code: "ORDER_CLOSED" or "ORDERCLOSED" } => new CloseResult.Closed(),
            WeChatPayV3Answer.Refused refused => new CloseResult.Unknown(refused.Summary),
            WeChatPayV3Answer.Unknown unknown => new CloseResult.Unknown(unknown.Reason),
            var other => throw Unexpected(other),
        };
    }

    public string? RefundObstacle(PaymentMethod method) => null;

    public Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.RefundAsync(request, cancellationToken);

    public Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.QueryAsync(request, cancellationToken);

    public Task<KeyDownload> DownloadKeysAsync(CancellationToken cancellationToken) => gateway.DownloadKeysAsync(cancellationToken);

    public Task<BillDownload> DownloadBillAsync(DateOnly day, Stream target, CancellationToken cancellationToken) => bills.DownloadAsync(day, target, cancellationToken);

    public Verification Verify(RawNotification raw) => new WeChatPayV3Verification(keys, raw).Run();

    /// <summary>The gateway judges by the status alone: 200 is done, anything from 400 on is sent again.</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => outcome switch
    {
        CallbackStatus.Applied or CallbackStatus.Duplicate or CallbackStatus.Ignored or CallbackStatus.Quarantined => new(200, null, ""),
        CallbackStatus.Deferred => Failure(500),
        CallbackStatus.Rejected => Failure(401),
    };

    private static Acknowledgement Failure(int status) => new(status, "application/json", """{"code":"FAIL","message":"失败"}""");

    private PaymentPrompt? PromptOf(WeChatPayV3Answer.Signed signed, CreatePayment request) =>
        WeChatPayV3Reader.Read(signed.Body, json => new WeChatPayV3Prompt(keys, time.GetUtcNow()).Read(json, request));

    private static QueryResult TransactionOf(WeChatPayV3Answer.Signed signed, string outTradeNo) =>
        WeChatPayV3Reader.Read(signed.Body, TransactionMessage.Read) is not { } told ? new QueryResult.Unknown("The answer is not a transaction.")
        : told.OutTradeNo != outTradeNo ? new QueryResult.Unknown("The answer is about another number.")
        : new QueryResult.Known(WeChatPayV3Mapping.OfTransaction(told, NotificationSource.Query, messageId: null));

    private static string OrderPath(string outTradeNo) => $"v3/pay/transactions/out-trade-no/{Uri.EscapeDataString(outTradeNo)}";

    private static bool IsNotFound(WeChatPayV3Answer.Refused refused) => refused is { Status: 404, Code: "ORDER_NOT_EXIST" or "ORDERNOTEXIST" };

    /// <summary>Older and newer pages spell it differently, and some codes say it in words only. Believing it leads to a query, no more.</summary>
    private static bool IsPaid(WeChatPayV3Answer.Refused refused) =>
        refused.Code is "ORDER_PAID" or "ORDERPAID" or "ORDER_ALREADY_PAID" || refused.Message.Contains("已支付", StringComparison.Ordinal);

    private static InvalidOperationException Unexpected(WeChatPayV3Answer answer) => new($"No result for {answer.GetType().Name}.");
}
