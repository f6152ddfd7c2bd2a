using System.Globalization;
using System.Security.Cryptography;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>
/// The sealed part of a refund notification. Its encryption hides but proves nothing: blocks of two genuine messages can be cut and
/// put together anew. What it says is a hint until the gateway has confirmed it.
/// </summary>
internal static class WeChatPayV2Refunds
{
    private const int BlockBytes = 16;
    private const int MaxRefunds = 50;

    /// <returns>The content; null when it does not open with this key.</returns>
    /// <param name="sealedText">Canonical base64.</param>
    public static byte[]? Open(string sealedText, byte[] key)
    {
        var bytes = new byte[sealedText.Length];
        if (!Convert.TryFromBase64String(sealedText, bytes, out var length) || length == 0 || length % BlockBytes != 0
            || Convert.ToBase64String(bytes, 0, length) != sealedText)
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.Key = key;
        try
        {
            return aes.DecryptEcb(bytes.AsSpan(0, length), PaddingMode.PKCS7);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The question that confirms a hint.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Question(RefundFact claimed) =>
        [new(WeChatWire.RefundId, claimed.ChannelRefundId ?? ""), new(WeChatWire.OutRefundNo, string.IsNullOrEmpty(claimed.ChannelRefundId) ? claimed.RefundNo ?? "" : "")];

    public static Confirmation Judge(WeChatPayV2Answer answer, VerifiedNotification claimed) => answer switch
    {
        WeChatPayV2Answer.Unproven unproven => new Confirmation.Unclear(unproven.Reason),
        WeChatPayV2Answer.Turned turned => new Confirmation.Unclear(turned.Describe()),
        WeChatPayV2Answer.Signed { Error: WeChatWire.RefundNotExist } => new Confirmation.Refuted("WeChat Pay knows of no such refund."),
        WeChatPayV2Answer.Signed { Succeeded: false } signed => new Confirmation.Unclear(signed.Describe()),
        WeChatPayV2Answer.Signed signed => Judge(signed.Xml, claimed),
        _ => throw new InvalidOperationException($"No result for {answer.GetType().Name}."),
    };

    private static Confirmation Judge(FlatXml told, VerifiedNotification claimed)
    {
        var refund = claimed.Refund ?? throw new ArgumentException("Only refunds are confirmed.", nameof(claimed));
        for (var n = 0; n < MaxRefunds; n++)
        {
            var index = n.ToString(CultureInfo.InvariantCulture);
            if (told[$"refund_id_{index}"] == refund.ChannelRefundId && told[$"out_refund_no_{index}"] == refund.RefundNo)
            {
                return IsSamePayment(told, claimed) && WeChatWire.Fen(told[$"refund_fee_{index}"]) == refund.Amount
                    ? Judge(told[$"refund_status_{index}"], claimed.Kind)
                    : new Confirmation.Refuted("WeChat Pay knows the refund, but with another amount or for another payment.");
            }
        }

        return new Confirmation.Refuted("WeChat Pay knows of no refund with these two numbers.");
    }

    private static bool IsSamePayment(FlatXml told, VerifiedNotification claimed) =>
        told[WeChatWire.OutTradeNo] == claimed.OutTradeNo && told[WeChatWire.TransactionId] == claimed.ChannelTransactionId
        && WeChatWire.Fen(told[WeChatWire.TotalFee]) is { } total && total == claimed.Amount;

    private static Confirmation Judge(string? status, NotificationKind claimed) => (status, claimed) switch
    {
        (WeChatWire.Success, NotificationKind.RefundSucceeded) => Confirmed,
        (WeChatWire.Change, NotificationKind.RefundAbnormal) => Confirmed,
        (WeChatWire.RefundClose, NotificationKind.RefundClosed) => Confirmed,
        (WeChatWire.Processing, _) => new Confirmation.Unclear("WeChat Pay still works on the refund."),
        _ => new Confirmation.Refuted("WeChat Pay tells another state of the refund."),
    };

    private static Confirmation.Confirmed Confirmed { get; } = new("WeChat Pay confirms the refund: numbers, amount and state are equal.");
}
