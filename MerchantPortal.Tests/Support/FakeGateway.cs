using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// The gateway behind the channel <c>fake</c>. By itself it behaves like a good one (creates, knows, closes, signs);
/// a test overrides single answers with <see cref="OnCreate"/>, <see cref="OnQuery"/>, <see cref="OnClose"/>. Amounts are 分.
/// </summary>
public sealed class FakeGateway
{
    public const string MerchantId = "fake-merchant";
    public const string AppId = "fake-app";
    public const string Key = "fake-key";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private int _transactions;

    /// <summary>What an account of the channel offers.</summary>
    public IReadOnlyList<PaymentMethod> Methods { get; set; } = [PaymentMethod.Native, PaymentMethod.Page, PaymentMethod.Wap, PaymentMethod.H5, PaymentMethod.Jsapi];

    /// <summary>The banks that a payer can choose beforehand.</summary>
    public IReadOnlyList<string> Banks { get; set; } = [];

    public bool CanClose { get; set; } = true;

    /// <summary>Where live buyers are led besides the gateway's own host.</summary>
    public IReadOnlyList<Uri> BuyerPages { get; set; } = [];

    /// <summary>Who brings the code; null makes an account that cannot identify payers.</summary>
    public Func<string, PayerIdentity>? OnIdentify { get; set; }

    /// <summary>Every call waits for this; a test that holds it back sees what happens meanwhile.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Replaces the answer to a create call; null lets the gateway answer by itself.</summary>
    public Func<CreatePayment, CreateResult?>? OnCreate { get; set; }

    public Func<string, QueryResult?>? OnQuery { get; set; }

    public Func<string, CloseResult?>? OnClose { get; set; }

    /// <summary>What the gateway says of a message in its name; null makes its signature proof enough.</summary>
    public Func<VerifiedNotification, Confirmation>? OnConfirm { get; set; }

    /// <summary>Every call that arrived, e.g. <c>create M2611…</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Why payments cannot be given back by a call; null when they can.</summary>
    public string? RefundObstacle { get; set; }

    /// <summary>How the gateway's refunds stand when they are made.</summary>
    public FakeRefundState RefundsBegin { get; set; } = FakeRefundState.Processing;

    /// <summary>Replaces what the caller sees of a refund that the gateway has made or refused; null lets the answer through.</summary>
    public Func<RefundRequest, RefundResult, RefundResult?>? OnRefund { get; set; }

    /// <summary>Replaces the answer to a question about a refund; null lets the gateway answer by itself.</summary>
    public Func<RefundRequest, RefundResult?>? OnQueryRefund { get; set; }

    public ConcurrentDictionary<string, FakeRefund> Refunds { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, FakeTrade> Trades { get; } = new(StringComparer.Ordinal);

    public void Register(IServiceCollection services) => services.AddSingleton<IChannelDefinition>(new FakeChannelDefinition(this));

    /// <summary>An enabled account of this channel in the store.</summary>
    public static async Task<ChannelAccount> AddAccountAsync(PortalFactory portal, Guid storeId, PaymentMode mode = PaymentMode.Test)
    {
        var id = Guid.CreateVersion7();
        var account = new ChannelAccount
        {
            Id = id,
            StoreId = storeId,
            Channel = FakeChannelDefinition.Name,
            Name = "Fake",
            Mode = mode,
            MerchantId = MerchantId,
            AppId = AppId,
            SealedCredentials = portal.Get<PaymentChannels>().SealForm(storeId, id, new JsonObject { ["key"] = Key }),
            FingerprintsJson = "{}",
            CreatedAt = portal.Get<TimeProvider>().GetUtcNow(),
        };
        await portal.WriteAsync(db => db.ChannelAccounts.Add(account));
        return account;
    }

    /// <summary>The buyer pays. Returns the message that the gateway would now send.</summary>
    public FakeMessage Pay(string outTradeNo)
    {
        var trade = Trades[outTradeNo];
        trade.TransactionId = $"T{Interlocked.Increment(ref _transactions):000000}-{outTradeNo}";
        trade.Kind = NotificationKind.PaymentSucceeded;
        return trade.ToMessage();
    }

    /// <summary>A request to the account's notify address, signed unless <paramref name="key"/> says otherwise.</summary>
    public static HttpRequestMessage Notify(ChannelAccount account, FakeMessage message, string key = Key)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, $"/notify/{FakeChannelDefinition.Name}/{account.Id:N}") { Content = content };
        request.Headers.Add(FakeChannelDefinition.SignatureHeader, Sign(body, Encoding.UTF8.GetBytes(key)));
        return request;
    }

    internal static string Sign(ReadOnlySpan<byte> body, byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, body));

    internal static VerifiedNotification ToNotification(FakeMessage message, NotificationSource source) => new()
    {
        Kind = message.Kind,
        Source = source,
        MessageId = message.Id,
        OutTradeNo = message.OutTradeNo,
        ChannelTransactionId = message.TransactionId,
        Amount = message.Amount,
        Currency = message.Currency,
        AppId = message.AppId,
        MerchantId = message.MerchantId,
        OccurredAt = message.OccurredAt,
        PayerMasked = Mask.Payer(message.Payer),
        Refund = message.RefundNo is null && message.RefundAmount is null ? null : new RefundFact(message.RefundNo, message.RefundId, message.RefundAmount, null),
    };

    internal CreateResult Create(CreatePayment request, Uri baseUrl)
    {
        Calls.Enqueue($"create {request.OutTradeNo}");
        if (OnCreate?.Invoke(request) is { } told)
        {
            return told;
        }

        Trades.TryAdd(request.OutTradeNo, new FakeTrade(request.OutTradeNo, request.Amount));
        return new CreateResult.Prompted(Prompt(request, baseUrl));
    }

    internal PayerIdentity Identify(string code)
    {
        Calls.Enqueue($"identify {code}");
        return OnIdentify?.Invoke(code) ?? new PayerIdentity.Unknown("not set");
    }

    internal Confirmation Confirm(VerifiedNotification claimed)
    {
        Calls.Enqueue($"confirm {claimed.OutTradeNo}");
        return OnConfirm?.Invoke(claimed) ?? new Confirmation.Confirmed("Said so.");
    }

    private static PaymentPrompt Prompt(CreatePayment request, Uri baseUrl) => request.Method switch
    {
        PaymentMethod.Native or PaymentMethod.Precreate => PaymentPrompt.Qr($"weixin://wxpay/bizpayurl?pr={request.OutTradeNo}"),
        PaymentMethod.Jsapi => PaymentPrompt.Jsapi(new Dictionary<string, string> { ["appId"] = AppId, ["package"] = $"prepay_id={request.OutTradeNo}" }),
        PaymentMethod.App => PaymentPrompt.App(new Dictionary<string, string> { ["prepayid"] = request.OutTradeNo }),
        PaymentMethod.Button => PaymentPrompt.Script(new Uri(baseUrl, "button.js?appId=1").AbsoluteUri, new Dictionary<string, string>
        {
            ["out_trade_no"] = request.OutTradeNo,
            ["title"] = request.Subject,
            ["amount"] = request.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["return_url"] = request.ReturnUrl.AbsoluteUri,
        }),
        PaymentMethod.H5 or PaymentMethod.Page or PaymentMethod.Wap =>
            PaymentPrompt.Redirect(new Uri(baseUrl, $"cashier?out_trade_no={request.OutTradeNo}").AbsoluteUri),
    };

    internal QueryResult Query(string outTradeNo)
    {
        Calls.Enqueue($"query {outTradeNo}");
        return OnQuery?.Invoke(outTradeNo) ?? (Trades.TryGetValue(outTradeNo, out var trade)
            ? new QueryResult.Known(ToNotification(trade.ToMessage(), NotificationSource.Query))
            : new QueryResult.NotFound());
    }

    /// <summary>Makes the refund, or gives it the answer of a repeat, and says so unless a test keeps the answer back.</summary>
    internal RefundResult Refund(RefundRequest request)
    {
        Calls.Enqueue($"refund {request.RefundNo}");
        var result = MakeRefund(request);
        return OnRefund?.Invoke(request, result) ?? result;
    }

    internal RefundResult QueryRefund(RefundRequest request)
    {
        Calls.Enqueue($"query-refund {request.RefundNo}");
        return OnQueryRefund?.Invoke(request) ?? (Refunds.TryGetValue(request.RefundNo, out var refund) ? Tell(refund) : new RefundResult.NotFound());
    }

    /// <summary>The message that the gateway now sends of a refund.</summary>
    public FakeMessage TellOfRefund(string refundNo)
    {
        var refund = Refunds[refundNo];
        return Trades[refund.OutTradeNo].ToMessage() with
        {
            Kind = refund.Kind,
            RefundNo = refundNo,
            RefundId = $"R-{refundNo}",
            RefundAmount = refund.Amount,
        };
    }

    private RefundResult MakeRefund(RefundRequest request)
    {
        if (!Trades.TryGetValue(request.OutTradeNo, out var trade))
        {
            return new RefundResult.Refused("NO_TRADE", "no such trade");
        }

        lock (trade)
        {
            if (Refunds.TryGetValue(request.RefundNo, out var known))
            {
                return known.Amount == request.Amount ? Tell(known) : new RefundResult.Refused("NUMBER_TAKEN", "another amount");
            }

            var given = Refunds.Values.Where(refund => refund.TransactionId == request.ChannelTransactionId && refund.State != FakeRefundState.Closed).Sum(refund => refund.Amount);
            if (given + request.Amount > request.PaymentAmount)
            {
                return new RefundResult.Refused("TOO_MUCH", "more than was paid");
            }

            var refund = Refunds[request.RefundNo] = new FakeRefund(request.RefundNo, request.OutTradeNo, request.ChannelTransactionId, request.Amount) { State = RefundsBegin };
            return Tell(refund);
        }
    }

    private RefundResult Tell(FakeRefund refund) => refund.State == FakeRefundState.Processing
        ? new RefundResult.Processing($"R-{refund.RefundNo}")
        : new RefundResult.Told(ToNotification(TellOfRefund(refund.RefundNo), NotificationSource.Query) with { ChannelTransactionId = refund.TransactionId });

    internal CloseResult Close(string outTradeNo)
    {
        Calls.Enqueue($"close {outTradeNo}");
        if (OnClose?.Invoke(outTradeNo) is { } told)
        {
            return told;
        }

        if (!Trades.TryGetValue(outTradeNo, out var trade))
        {
            return new CloseResult.NotFound();
        }

        if (trade.Kind == NotificationKind.PaymentSucceeded)
        {
            return new CloseResult.AlreadyPaid();
        }

        trade.Kind = NotificationKind.PaymentClosed;
        return new CloseResult.Closed();
    }
}
