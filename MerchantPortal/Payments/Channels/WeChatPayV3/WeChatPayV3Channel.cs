using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>An account at WeChat Pay APIv3.</summary>
internal sealed class WeChatPayV3Channel(WeChatPayV3Keys keys, WeChatPayV3Gateway gateway) : IPaymentChannel
{
    private const int MaxDescriptionLength = 127;

    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    public string Channel => WeChatPayV3Definition.Name;

    /// <summary>See https://pay.weixin.qq.com/docs/merchant/products/native-payment/apilist.html.</summary>
    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken)
    {
        if (request.Method != PaymentMethod.Native)
        {
            return new CreateResult.Refused("method_not_supported", $"WeChat Pay v3 accounts take native payments here, not {request.Method}.");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(OrderOf(request), WeChatPayV3Json.Default.NativeOrderMessage);
        return await gateway.SendAsync(HttpMethod.Post, "v3/pay/transactions/native", body, cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 200 } signed when CodeUrlOf(signed) is { } codeUrl => new CreateResult.Prompted(PaymentPrompt.Qr(codeUrl)),
            WeChatPayV3Answer.Signed => new CreateResult.Unknown("The answer holds no code_url."),
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

    public Verification Verify(RawNotification raw) => new WeChatPayV3Verification(keys, raw).Run();

    /// <summary>The gateway judges by the status alone: 200 is done, anything from 400 on is sent again.</summary>
    public Acknowledgement Acknowledge(CallbackStatus outcome) => outcome switch
    {
        CallbackStatus.Applied or CallbackStatus.Duplicate or CallbackStatus.Ignored or CallbackStatus.Quarantined => new(200, null, ""),
        CallbackStatus.Deferred => Failure(500),
        CallbackStatus.Rejected => Failure(401),
    };

    private static Acknowledgement Failure(int status) => new(status, "application/json", """{"code":"FAIL","message":"失败"}""");

    private NativeOrderMessage OrderOf(CreatePayment request) => new(
        keys.AppId,
        keys.MerchantId,
        Shorten(request.Subject),
        request.OutTradeNo,
        request.ExpiresAt.ToOffset(Beijing).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        request.NotifyUrl.AbsoluteUri,
        new(request.Amount, Money.Currency),
        request.ClientIp is { Length: > 0 } ip ? new(ip) : null);

    /// <summary>Never cuts a character outside the basic plane in two.</summary>
    private static string Shorten(string subject) => subject.Length <= MaxDescriptionLength ? subject
        : subject[..(char.IsHighSurrogate(subject[MaxDescriptionLength - 1]) ? MaxDescriptionLength - 1 : MaxDescriptionLength)];

    private static string? CodeUrlOf(WeChatPayV3Answer.Signed signed) =>
        WeChatPayV3Reader.Read(signed.Body, json => json.Text("code_url")) is { Length: > 0 } codeUrl ? codeUrl : null;

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
