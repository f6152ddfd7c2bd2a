using System.Globalization;
using System.Security.Cryptography;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Numbers of the kind that the gateways give.</summary>
internal static class SandboxNumbers
{
    public const int CodeLength = 16;

    private const string Digits = "0123456789";
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>28 digits, as all of the gateways use.</summary>
    public static string Transaction(string channel, DateTimeOffset now) => channel is SandboxChannels.Alipay or SandboxChannels.AlipayMapi
        ? $"{Day(now)}2200{Random(16)}"
        : $"4200009{Random(3)}{Day(now)}{Random(10)}";

    /// <summary>The gateway's number of a refund.</summary>
    public static string Refund(DateTimeOffset now) => $"5030{Random(6)}{Day(now)}{Random(11)}";

    /// <summary>The gateway's id of a message.</summary>
    public static string Message(string channel, DateTimeOffset now) => channel == SandboxChannels.AlipayMapi
        // Looks percent-encoded already, as the real ones do.
        ? $"{RandomNumberGenerator.GetString(Letters, 10)}%2F{RandomNumberGenerator.GetString(Letters, 8)}%2B{RandomNumberGenerator.GetString(Letters, 20)}"
        : channel == SandboxChannels.Alipay
        ? $"{Day(now)}0022{RandomNumberGenerator.GetHexString(22, lowercase: true)}"
        : Guid.NewGuid().ToString();

    /// <summary>Names a trade in an address that a phone scans.</summary>
    public static string Code() => RandomNumberGenerator.GetString(Letters, CodeLength);

    public static string MerchantNumber(string prefix, int length) => prefix + Random(length - prefix.Length);

    /// <summary>A shared key of 32 letters and digits.</summary>
    public static string Key() => RandomNumberGenerator.GetString(Letters, 32);

    /// <summary>Name of a payer who never changes: the sandbox has one customer.</summary>
    public const string OpenId = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

    public const string BuyerId = "2088102116773037";

    private static string Random(int count) => RandomNumberGenerator.GetString(Digits, count);

    private static string Day(DateTimeOffset now) => now.ToOffset(Beijing.Offset).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
