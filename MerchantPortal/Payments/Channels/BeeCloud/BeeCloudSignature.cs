using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// BeeCloud's five digests: fields glued together without separators, MD5, lower-case hex. Which fields, in which order and with
/// which secret differs each time; mixing them up is the protocol's classic mistake.
/// </summary>
internal static class BeeCloudSignature
{
    /// <param name="fee">The digits as they stand in the message: 100 and 100.0 are other texts.</param>
    public static string PaymentWebhook(BeeCloudKeys keys, string transactionId, string transactionType, string channelType, string fee) =>
        Digest(PaymentWebhookText(keys.AppId, transactionId, transactionType, channelType, fee) + keys.MasterSecret);

    /// <summary>What the payment webhook signs, without the secret at its end.</summary>
    public static string PaymentWebhookText(string appId, string transactionId, string transactionType, string channelType, string fee) =>
        appId + transactionId + transactionType + channelType + fee;

    /// <summary>Signs nothing but the clock.</summary>
    /// <param name="timestamp">Milliseconds, as they stand in the message.</param>
    public static string SubscriptionWebhook(BeeCloudKeys keys, string timestamp) => Digest(keys.AppId + keys.AppSecret + timestamp);

    /// <summary>The <c>app_sign</c> of REST calls: the timestamp in the middle, unlike the subscription webhook's.</summary>
    /// <param name="secret">App Secret to pay and to query, Master Secret to refund.</param>
    public static string Rest(string appId, string timestamp, string secret) => Digest(appId + timestamp + secret);

    public static string Button(BeeCloudKeys keys, string title, string amount, string outTradeNo) =>
        Digest(keys.AppId + title + amount + outTradeNo + keys.AppSecret);

    /// <summary>In constant time. Anything but 32 lower-case hex digits is no signature.</summary>
    public static bool Matches(string expected, string? given) =>
        given is { Length: 32 } && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(given));

#pragma warning disable CA5351 // The protocol knows no other digest.
    private static string Digest(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
