using System.Globalization;
using System.Security.Cryptography;

namespace MerchantPortal.Orders;

/// <summary>Makes the numbers that people and gateways see.</summary>
public static class OrderNumber
{
    // Crockford's base 32: no I, L, O, U, so that a number survives being read aloud.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Day (UTC) and 50 random bits: <c>M261121</c> + 10 characters.</summary>
    public static string New(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"M{now.UtcDateTime:yyMMdd}{RandomNumberGenerator.GetString(Alphabet, 10)}");

    /// <summary>
    /// A new number for the gateway, one per payment attempt: the order's number and a random suffix. 6–32 characters of
    /// letters and digits, which every channel accepts.
    /// </summary>
    public static string NewOutTradeNo(string orderNumber) => $"{orderNumber}{RandomNumberGenerator.GetString(Alphabet, 6)}";

    /// <summary>128 random bits as 22 characters of base64url.</summary>
    public static string NewToken() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
