using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// Refunds of WeChat bills. BeeCloud wants numbers that begin with the day, refunds a bill once with success, and must not be sent
/// the same number twice: whoever repeats asks first. For Alipay it wants a person's password instead.
/// </summary>
internal sealed class BeeCloudRefunds(BeeCloudGateway gateway)
{
    private const string WeChat = "WX";

    public async Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        await gateway.PostAsMasterAsync("2/rest/refund", Fields(request), cancellationToken) switch
        {
            BeeCloudAnswer.None none => new RefundResult.Unknown(none.Reason),
            BeeCloudAnswer.Told { Code: BeeCloudWire.Ok } => new RefundResult.Processing(null),
            BeeCloudAnswer.Told { IsUncertain: true } told => new RefundResult.Unknown($"{told.CodeText} {told.Message}"),
            BeeCloudAnswer.Told told => new RefundResult.Refused(told.CodeText, told.Message),
            _ => throw new InvalidOperationException("BeeCloud answers or does not."),
        };

    /// <summary>BeeCloud learns of WeChat's refunds only when somebody asks for their status; the list then says how they stand.</summary>
    public async Task<RefundResult> QueryAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        var (refund, failure) = await FindAsync(request.RefundNo, cancellationToken);
        return refund is null ? failure
            : refund.BillNo != request.OutTradeNo || refund.Fee != request.Amount
                ? new RefundResult.Refused(RefundFailures.NumberTaken, "BeeCloud has a refund of this number with another amount, or of another bill.")
            : !refund.IsFinished ? new RefundResult.Processing(null)
            : new RefundResult.Told(Fact(refund));
    }

    public async Task<Confirmation> ConfirmAsync(VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        var (refund, failure) = await FindAsync(claimed.Refund?.RefundNo ?? "", cancellationToken);
        return refund is null
            ? failure is RefundResult.NotFound ? new Confirmation.Refuted("BeeCloud does not know this refund.") : new Confirmation.Unclear("BeeCloud did not say how the refund stands.")
            : refund.Fee != claimed.Refund?.Amount ? new Confirmation.Refuted("BeeCloud knows the refund, but with another amount.")
            : !refund.IsFinished ? new Confirmation.Unclear("BeeCloud still works on the refund.")
            : refund.HasSucceeded == (claimed.Kind == NotificationKind.RefundSucceeded)
                ? new Confirmation.Confirmed("BeeCloud shows the refund with this amount and this end.")
                : new Confirmation.Refuted("BeeCloud shows another end of the refund.");
    }

    /// <returns>The refund; or null and why there is none.</returns>
    private async Task<(BeeCloudRefund? Refund, RefundResult Failure)> FindAsync(string number, CancellationToken cancellationToken)
    {
        await gateway.GetAsync("2/rest/refund/status", new JsonObject { ["channel"] = WeChat, ["refund_no"] = number }, cancellationToken);
        return await gateway.GetAsync("2/rest/refunds", new JsonObject { ["refund_no"] = number, ["limit"] = 50 }, cancellationToken) switch
        {
            BeeCloudAnswer.None none => (null, new RefundResult.Unknown(none.Reason)),
            BeeCloudAnswer.Told { Code: BeeCloudWire.Ok } told => BeeCloudRefund.Find(told.Json, number),
            BeeCloudAnswer.Told { Code: BeeCloudWire.NoSuchRefund } => (null, new RefundResult.NotFound()),
            BeeCloudAnswer.Told told => (null, new RefundResult.Unknown($"{told.CodeText} {told.Message}")),
            _ => throw new InvalidOperationException("BeeCloud answers or does not."),
        };
    }

    private static JsonObject Fields(RefundRequest request) => new()
    {
        ["channel"] = WeChat,
        ["refund_no"] = request.RefundNo,
        ["bill_no"] = request.OutTradeNo,
        ["refund_fee"] = request.Amount,
        ["notify_url"] = request.NotifyUrl.AbsoluteUri,
    };

    private static VerifiedNotification Fact(BeeCloudRefund refund) => new()
    {
        Kind = refund.HasSucceeded ? NotificationKind.RefundSucceeded : NotificationKind.RefundClosed,
        Source = NotificationSource.Query,
        OutTradeNo = refund.BillNo,
        OmitsTotal = refund.TotalFee is null,
        Amount = refund.TotalFee,
        Refund = new RefundFact(refund.Number, ChannelRefundId: null, refund.Fee, TotalRefunded: null),
    };

    /// <summary>A refund as BeeCloud's query tells it. Amounts are 分, null where they cannot be read exactly.</summary>
    private sealed record BeeCloudRefund(string Number, string BillNo, long? TotalFee, long? Fee, bool IsFinished, bool HasSucceeded)
    {
        public static (BeeCloudRefund? Refund, RefundResult Failure) Find(BeeCloudJson answer, string number)
        {
            var found = answer.Objects("refunds").Where(json => BeeCloudJson.Text(json, "refund_no") == number).Select(Read).ToList();
            // Two under one number: the one that has moved money counts.
            var refund = found.Find(one => one is { HasSucceeded: true }) ?? found.LastOrDefault();
            return refund is not null || found.Count == 0
                ? (refund, new RefundResult.NotFound())
                : (null, new RefundResult.Unknown("BeeCloud told of a refund that cannot be read."));
        }

        private static BeeCloudRefund? Read(JsonElement json) =>
            BeeCloudJson.Text(json, "bill_no") is { Length: > 0 } bill && BeeCloudJson.Flag(json, "finish") is { } finished && BeeCloudJson.Flag(json, "result") is { } result
                ? new(BeeCloudJson.Text(json, "refund_no") ?? "", bill, BeeCloudJson.Fen(json, "total_fee"), BeeCloudJson.Fen(json, "refund_fee"), finished, finished && result)
                : null;
    }
}
