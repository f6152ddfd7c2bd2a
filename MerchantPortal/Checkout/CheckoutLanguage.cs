using MerchantPortal.Shell;

namespace MerchantPortal.Checkout;

/// <summary>The page speaks what the browser speaks; a link on it changes that for this address, without a cookie.</summary>
public static class CheckoutLanguage
{
    /// <summary>What the address asks for. On the way back from a gateway no parameter is ours, so none is read.</summary>
    /// <returns>Null for anything that is not a language of ours.</returns>
    public static string? Chosen(HttpRequest request) =>
        request.Path.Value?.EndsWith("/return", StringComparison.OrdinalIgnoreCase) != true && CultureChoice.IsKnown(request.Query["lang"])
            ? request.Query["lang"].ToString()
            : null;

    /// <summary>The first language of the browser's that we speak. A browser of another country gets English, one that says nothing Chinese.</summary>
    public static string Of(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage.Where(entry => entry.Quality is not 0)
            .OrderByDescending(entry => entry.Quality ?? 1).Select(entry => entry.Value.ToString()).ToList();
        return accepted.Count == 0 ? CultureChoice.Chinese : accepted.Select(Spoken).FirstOrDefault(language => language is not null) ?? CultureChoice.English;
    }

    private static string? Spoken(string language) =>
        IsOrBelow(language, "zh") ? CultureChoice.Chinese : IsOrBelow(language, CultureChoice.English) ? CultureChoice.English : null;

    private static bool IsOrBelow(string language, string parent) =>
        language.Equals(parent, StringComparison.OrdinalIgnoreCase) || language.StartsWith($"{parent}-", StringComparison.OrdinalIgnoreCase);
}
