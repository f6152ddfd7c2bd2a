using System.Globalization;
using MerchantPortal.Shell;

namespace MerchantPortal.Audit;

/// <summary>The filters as the address of the page names them.</summary>
/// <param name="From">First day of the store, <c>yyyy-MM-dd</c>; anything else counts as none.</param>
/// <param name="To">Last day.</param>
public sealed record AuditAddress(string? Who, string? Act, string? Q, string? From, string? To)
{
    public AuditFilter ToFilter(StoreTime calendar) => new(
        Given(Who), Given(Act), Given(Q),
        Day(From) is { } from ? calendar.StartOf(from) : null,
        Day(To) is { } to ? calendar.StartOf(to.AddDays(1)) : null);

    public bool IsNarrowed => new[] { Who, Act, Q, From, To }.Any(part => !string.IsNullOrWhiteSpace(part));

    /// <summary>With the question mark; empty without a filter.</summary>
    public string Query => QueryString.Create(new Dictionary<string, string?> { ["who"] = Given(Who), ["act"] = Given(Act), ["q"] = Given(Q), ["from"] = Given(From), ["to"] = Given(To) }
        .Where(part => part.Value is not null)).Value ?? "";

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 2200 ? day : null;

    public static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
