using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>
/// The second of the two checks that Alipay asks for: whether it stands by the message. A signature with a shared key alone could be
/// anybody's who has seen the key.
/// </summary>
internal sealed class AlipayMapiConfirmation(AlipayMapiGateway gateway, AlipayMapiRequest requests, AlipayMapiTrade trades, TimeProvider time)
{
    /// <summary>Alipay forgets a notify_id about a minute after sending; what is left of it is for the way here and back.</summary>
    private static readonly TimeSpan NotifyIdLife = TimeSpan.FromSeconds(50);

    public async Task<Confirmation> AskAsync(RawNotification raw, VerifiedNotification claimed, CancellationToken cancellationToken) =>
        time.GetUtcNow() - raw.ReceivedAt <= NotifyIdLife && claimed.MessageId is { } notifyId
            ? await AskAsync(notifyId, cancellationToken)
            : await QueryAsync(claimed, cancellationToken);

    private async Task<Confirmation> AskAsync(string notifyId, CancellationToken cancellationToken) =>
        await gateway.WordAsync(requests.NotifyVerify(notifyId), cancellationToken) switch
        {
            "true" => new Confirmation.Confirmed("Alipay knows the notify_id."),
            "false" => new Confirmation.Refuted("Alipay does not know the notify_id: whoever sent this has our key but is not Alipay."),
            "invalid" => new Confirmation.Unclear("Alipay calls the question for the notify_id invalid: compare the account's partner number."),
            _ => new Confirmation.Unclear("Alipay did not say whether it knows the notify_id."),
        };

    /// <summary>The notify_id is forgotten by now; the trade is not, and the answer about it is signed.</summary>
    private async Task<Confirmation> QueryAsync(VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        if (claimed.OutTradeNo is not { } number)
        {
            return new Confirmation.Refuted("The message names no order that could be asked about.");
        }

        return trades.Queried(await gateway.CallAsync(requests.Query(number), cancellationToken), number) switch
        {
            QueryResult.Known { Notification: var told } => Holds(claimed, told)
                ? new Confirmation.Confirmed("The notify_id is too old to ask for; the trade itself is as the message says.")
                : new Confirmation.Refuted("The notify_id is too old to ask for, and the trade itself is not as the message says."),
            QueryResult.NotFound => new Confirmation.Refuted("The notify_id is too old to ask for, and Alipay knows no such trade."),
            _ => new Confirmation.Unclear("The notify_id is too old to ask for, and Alipay did not tell of the trade."),
        };
    }

    /// <summary>A payment stays true when it was given back later.</summary>
    private static bool Holds(VerifiedNotification claimed, VerifiedNotification told) =>
        claimed.ChannelTransactionId == told.ChannelTransactionId && claimed.Amount == told.Amount
        && (claimed.Kind == told.Kind || (claimed.Kind == NotificationKind.PaymentSucceeded && told.Kind == NotificationKind.RefundSucceeded)
            // A part that was given back leaves the trade paid.
            || (claimed.Kind == NotificationKind.RefundSucceeded && told.Kind == NotificationKind.PaymentSucceeded && claimed.Refund?.TotalRefunded is null));
}
