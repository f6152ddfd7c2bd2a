using System.Net.Mail;
using MerchantPortal.Shell;

namespace MerchantPortal.Accounts;

/// <summary>What a new store and its owner must be like.</summary>
internal static class NewOwnerRules
{
    /// <returns>A code per fault, in the order of the form; empty when there is none.</returns>
    public static List<string> Check(NewOwner owner)
    {
        var faults = new List<string>();
        Require(faults, IsName(owner.StoreName), "store_name");
        Require(faults, TimeZoneInfo.TryFindSystemTimeZoneById(owner.TimeZone, out _), "time_zone");
        Require(faults, owner.DayStartsAtHour is >= 0 and <= 23, "day_starts_at");
        Require(faults, CultureChoice.IsKnown(owner.Language), "language");
        Require(faults, IsName(owner.DisplayName), "display_name");
        Require(faults, IsEmail(owner.Email), "email");
        faults.AddRange(PasswordRules.Check(owner.Password, owner.Email));
        return faults;
    }

    private static void Require(List<string> faults, bool holds, string code)
    {
        if (!holds)
        {
            faults.Add(code);
        }
    }

    private static bool IsName(string name) => name.Trim().Length is >= 1 and <= 200 && !name.Any(char.IsControl);

    private static bool IsEmail(string email) =>
        email.Trim() is { Length: <= 200 } trimmed && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed;
}
