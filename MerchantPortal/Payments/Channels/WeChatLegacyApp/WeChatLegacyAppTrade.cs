using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>From the gateway's words to ours: the same fields in a notification's address and in an answer to a query.</summary>
internal static class WeChatLegacyAppTrade
{
    public static VerifiedNotification Read(Func<string, string?> field, NotificationSource source) => new()
    {
        Kind = Kind(field),
        Source = source,
        MessageId = field("notify_id"),
        OutTradeNo = field(WeChatLegacyAppWire.OutTradeNo),
        ChannelTransactionId = field(WeChatLegacyAppWire.TransactionId),
        Amount = Fen(field(WeChatLegacyAppWire.TotalFee)),
        Currency = field(WeChatLegacyAppWire.FeeType) switch
        {
            WeChatLegacyAppWire.Yuan => Money.Currency,
            { } other => $"{WeChatLegacyAppWire.FeeType} {(other.Length <= 8 ? other : other[..8])}",
            null => "",
        },
        MerchantId = field(WeChatLegacyAppWire.Partner) ?? "",
        OccurredAt = BeijingTime.ReadCompact(field(WeChatLegacyAppWire.TimeEnd)),
        OwesDeliveryReport = true,
    };

    public static QueryResult Queried(WeChatLegacyAppAnswer answer, string outTradeNo)
    {
        switch (answer)
        {
            case WeChatLegacyAppAnswer.Unknown unknown:
                return new QueryResult.Unknown(unknown.Reason);
            case WeChatLegacyAppAnswer.NoToken no:
                return new QueryResult.Unknown($"WeChat gives no access token: {no.Code} {no.Message}");
            case WeChatLegacyAppAnswer.Told { Succeeded: true } told when told.Content.TryGetProperty("order_info", out var order) && order.ValueKind == JsonValueKind.Object:
                return OfOrder(order, outTradeNo);
            default:
                return new QueryResult.Unknown(((WeChatLegacyAppAnswer.Told)answer).Describe());
        }
    }

    /// <summary>分 as digits; a sign, a point or a leading zero could mean something else to somebody else.</summary>
    internal static long? Fen(string? text) =>
        text is { Length: > 0 and <= 12 } && text.All(char.IsAsciiDigit) && (text[0] != '0' || text.Length == 1)
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;

    private static QueryResult OfOrder(JsonElement order, string outTradeNo) => order.Text("ret_code") switch
    {
        "0" when order.Text(WeChatLegacyAppWire.OutTradeNo) == outTradeNo => new QueryResult.Known(Read(name => order.Text(name), NotificationSource.Query)),
        "0" => new QueryResult.Unknown("WeChat answered about another number."),
        WeChatLegacyAppWire.NoSuchOrder => new QueryResult.NotFound(),
        var code => new QueryResult.Unknown($"{code ?? "no ret_code"} {order.Text("ret_msg")}".Trim()),
    };

    /// <summary>Not paid is never "closed": the interface knows no such state, and until its last moment a buyer may pay yet.</summary>
    private static NotificationKind Kind(Func<string, string?> field) =>
        field(WeChatLegacyAppWire.TradeMode) is not (null or WeChatLegacyAppWire.Instant) ? NotificationKind.Unrecognized : field(WeChatLegacyAppWire.TradeState) switch
        {
            WeChatLegacyAppWire.Paid => NotificationKind.PaymentSucceeded,
            null => NotificationKind.Unrecognized,
            _ => NotificationKind.PaymentPending,
        };
}
