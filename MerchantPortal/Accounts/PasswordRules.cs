using System.Collections.Frozen;

namespace MerchantPortal.Accounts;

/// <summary>
/// Length and a list of common passwords; no rules of composition, which only make passwords worse
/// (https://pages.nist.gov/800-63-4/sp800-63b.html, 3.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    private static readonly Lazy<FrozenSet<string>> Common = new(LoadCommon);

    /// <returns>A code per fault; empty when the password may be used.</returns>
    public static IEnumerable<string> Check(string password, string? email)
    {
        if (password.Length < MinLength)
        {
            yield return "password_too_short";
        }

        if (password.Length > MaxLength)
        {
            yield return "password_too_long";
        }

        if (IsCommon(password))
        {
            yield return "password_common";
        }

        if (email is not null && string.Equals(password.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            yield return "password_like_email";
        }
    }

    /// <summary>Also catches one character or a short piece repeated, and runs such as 123456789012.</summary>
    private static bool IsCommon(string password) =>
        Common.Value.Contains(password.ToLowerInvariant()) || password.Distinct().Count() < 4 || IsRepetition(password) || IsRun(password);

    private static bool IsRepetition(string password) =>
        Enumerable.Range(1, password.Length / 2).Any(size =>
            password.Length % size == 0 && Enumerable.Range(size, password.Length - size).All(i => password[i] == password[i - size]));

    private static bool IsRun(string password) =>
        password.Length > 1
        && Enumerable.Range(1, password.Length - 1).Count(i => Math.Abs(password[i] - password[i - 1]) == 1) >= password.Length - 3;

    private static FrozenSet<string> LoadCommon()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("MerchantPortal.Accounts.CommonPasswords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet();
    }
}
