using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Refunds;

/// <summary>Our number of a refund: one per intent, the same in every repeat.</summary>
public static partial class RefundNumber
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Beijing day and 80 random bits, letters and digits only: every channel takes it, BeeCloud wants the day in front.</summary>
    public static string New(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{BeijingTime.Day(now):yyyyMMdd}{RandomNumberGenerator.GetString(Alphabet, 16)}");

    public static bool IsUsable(string number) => Usable().IsMatch(number);

    [GeneratedRegex(@"\A[0-9A-Za-z_-]{6,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Usable();
}
