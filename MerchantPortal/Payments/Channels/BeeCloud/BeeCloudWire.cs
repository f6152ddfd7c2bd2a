using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>BeeCloud's own names, spelled as on the wire, and what its fields may hold.</summary>
internal static partial class BeeCloudWire
{
    public const string Pay = "PAY";
    public const string Refund = "REFUND";
    public const string Transfer = "TRANSFER";
    public const string Subscription = "SUBSCRIPTION";
    public const string BySubscription = "BC_SUBSCRIPTION";

    public const string WeChatNative = "WX_NATIVE";
    public const string AlipayWeb = "ALI_WEB";
    public const string AlipayWap = "ALI_WAP";

    /// <summary>Member of <c>optional</c>: when a bill of ours ends, in milliseconds. BeeCloud hands it back with the bill.</summary>
    public const string EndsAt = "portal_ends_at";

    public const int Ok = 0;
    public const int ChannelError = 7;
    public const int NoSuchBill = 8;
    public const int NoSuchRefund = 13;
    public const int RuntimeError = 14;
    public const int NetworkError = 15;
    public const int BillNoDuplicate = 17;

    /// <summary>
    /// No entry of either list is the end of another one, and none has a digit. So the glued text of a payment's digest can be taken
    /// apart in one way only, and "WX" + "12340" is never read as "WX1" + "2340".
    /// </summary>
    public static IReadOnlyList<string> SignedTypes { get; } = [Pay, Refund, Transfer];

    public static IReadOnlyList<string> SignedChannels { get; } = ["WX", "ALI", "UN", "KUAIQIAN", "JD", "BD", "YEE", "PAYPAL", "BC"];

    /// <summary>A bill's or refund's number.</summary>
    [GeneratedRegex("^[A-Za-z0-9]{8,32}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Number();

    /// <summary>A number that BeeCloud gave: a subscription, or a bill that it made for one.</summary>
    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex OwnNumber();

    /// <summary>分 in the one way to write them: no sign, point, exponent or leading zero.</summary>
    [GeneratedRegex("^(0|[1-9][0-9]{0,14})\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Fen();

    [GeneratedRegex("^[1-9][0-9]{12}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Milliseconds();

    [GeneratedRegex("^[0-9a-f]{32}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex Signature();
}
