using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>Bills at BeeCloud: made, asked for. There is no call that closes one; it ends by its own <c>bill_timeout</c>.</summary>
internal sealed class BeeCloudBills(BeeCloudGateway gateway, TimeProvider time)
{
    private const int MaxTitleBytes = 32;

    /// <summary>BeeCloud wants more than 360 seconds; an order that ends sooner may be paid late, which is booked and flagged.</summary>
    private const long ShortestSeconds = 361;

    /// <summary>How long after its end a bill that is not paid is taken for ended: both sides have clocks.</summary>
    private static readonly TimeSpan EndMargin = TimeSpan.FromMinutes(10);

    public async Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken) =>
        await gateway.PostAsync("2/rest/bill", Fields(request), cancellationToken) switch
        {
            BeeCloudAnswer.None none => new CreateResult.Unknown(none.Reason),
            BeeCloudAnswer.Told { Code: BeeCloudWire.Ok } told => Prompt(request.Method, told.Json),
            // An earlier answer was lost and its code with it, so nobody has anything to pay with. The next attempt takes a new number.
            BeeCloudAnswer.Told { Code: BeeCloudWire.BillNoDuplicate } told => new CreateResult.Refused(told.CodeText, told.Message),
            BeeCloudAnswer.Told { IsUncertain: true } told => new CreateResult.Unknown($"{told.CodeText} {told.Message}"),
            BeeCloudAnswer.Told told => new CreateResult.Refused(told.CodeText, told.Message),
            _ => throw new InvalidOperationException("BeeCloud answers or does not."),
        };

    public async Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken)
    {
        var (bills, reason) = await FindAsync(outTradeNo, cancellationToken);
        return bills switch
        {
            null => new QueryResult.Unknown(reason),
            [] => new QueryResult.NotFound(),
            _ => new QueryResult.Known(Fact(bills.Find(bill => bill.IsPaid) ?? bills[0])),
        };
    }

    public async Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) =>
        await QueryAsync(outTradeNo, cancellationToken) switch
        {
            QueryResult.NotFound => new CloseResult.NotFound(),
            QueryResult.Known { Notification.Kind: NotificationKind.PaymentSucceeded } => new CloseResult.AlreadyPaid(),
            QueryResult.Known { Notification.Kind: NotificationKind.PaymentClosed } => new CloseResult.Closed(),
            QueryResult.Unknown unknown => new CloseResult.Unknown(unknown.Reason),
            _ => new CloseResult.Unknown("BeeCloud has no call that closes a bill; this one can be paid until its own time is over."),
        };

    /// <returns>The bills of a number; null, and why, when BeeCloud did not say.</returns>
    public async Task<(List<BeeCloudBill>? Bills, string Reason)> FindAsync(string number, CancellationToken cancellationToken) =>
        await gateway.GetAsync("2/rest/bills", new JsonObject { ["bill_no"] = number, ["limit"] = 50 }, cancellationToken) switch
        {
            BeeCloudAnswer.None none => (null, none.Reason),
            BeeCloudAnswer.Told { Code: BeeCloudWire.Ok } told => (BeeCloudBill.ReadAll(told.Json, number), "BeeCloud told of a bill that cannot be read."),
            BeeCloudAnswer.Told { Code: BeeCloudWire.NoSuchBill } => ([], ""),
            BeeCloudAnswer.Told told => (null, $"{told.CodeText} {told.Message}"),
            _ => throw new InvalidOperationException("BeeCloud answers or does not."),
        };

    private VerifiedNotification Fact(BeeCloudBill bill) => new()
    {
        Kind = Kind(bill),
        Source = NotificationSource.Query,
        OutTradeNo = bill.Number,
        ChannelTransactionId = bill.TradeNo,
        Amount = bill.TotalFee,
    };

    private NotificationKind Kind(BeeCloudBill bill) =>
        bill.IsPaid ? NotificationKind.PaymentSucceeded
        : bill.IsReverted || bill.EndsAt + EndMargin < time.GetUtcNow() ? NotificationKind.PaymentClosed
        : NotificationKind.PaymentPending;

    private JsonObject Fields(CreatePayment request)
    {
        var now = time.GetUtcNow();
        var seconds = Math.Max(ShortestSeconds, (long)(request.ExpiresAt - now).TotalSeconds);
        var fields = new JsonObject
        {
            ["channel"] = request.Method switch
            {
                PaymentMethod.Native => BeeCloudWire.WeChatNative,
                PaymentMethod.Page => BeeCloudWire.AlipayWeb,
                PaymentMethod.Wap => BeeCloudWire.AlipayWap,
                _ => throw new ArgumentException($"BeeCloud has no bill for the method {request.Method}.", nameof(request)),
            },
            ["total_fee"] = request.Amount,
            ["bill_no"] = request.OutTradeNo,
            ["title"] = Title(request.Subject, request.OutTradeNo),
            ["notify_url"] = request.NotifyUrl.AbsoluteUri,
            ["bill_timeout"] = seconds,
            ["optional"] = new JsonObject { [BeeCloudWire.EndsAt] = now.AddSeconds(seconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) },
        };
        if (request.Method != PaymentMethod.Native)
        {
            fields["return_url"] = request.ReturnUrl.AbsoluteUri;
        }

        return fields;
    }

    private static CreateResult Prompt(PaymentMethod method, BeeCloudJson answer) =>
        method == PaymentMethod.Native
            ? answer.Text("code_url") is { Length: > 0 and <= 1024 } code
                ? new CreateResult.Prompted(PaymentPrompt.Qr(code))
                : new CreateResult.Unknown("BeeCloud accepted the bill but gave no code.")
            // Never its html: a form from elsewhere would run with our page's rights.
            : Uri.TryCreate(answer.Text("url"), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
                ? new CreateResult.Prompted(PaymentPrompt.Redirect(url.AbsoluteUri))
                : new CreateResult.Unknown("BeeCloud accepted the bill but gave no address.");

    /// <summary>At most 32 bytes, cut between characters.</summary>
    /// <returns>The number when nothing is left.</returns>
    internal static string Title(string subject, string outTradeNo)
    {
        var title = new StringBuilder(MaxTitleBytes);
        var bytes = 0;
        foreach (var rune in subject.EnumerateRunes().Where(rune => !Rune.IsControl(rune)))
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxTitleBytes)
            {
                break;
            }

            title.Append(rune.ToString());
        }

        return title.ToString().Trim() is { Length: > 0 } clean ? clean : outTradeNo;
    }
}
