using System.Text.RegularExpressions;

namespace MerchantPortal.Accounts;

/// <summary>
/// The web pages that may show a store's checkout inside themselves. An origin is scheme, host and port as a browser writes them
/// (<c>https://shop.example</c>, <c>https://shop.example:8443</c>); plain http only on the developer's own machine. Each becomes a source of
/// <c>frame-ancestors</c> (https://www.w3.org/TR/CSP3/#framework-directive-source-list) and a target of messages, so nothing else gets in.
/// </summary>
public static partial class EmbedOrigins
{
    public const int Most = 20;

    private const int MaxLength = 255;

    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1"];

    /// <param name="lines">As a person types them: one per line; spaces around, empty lines and doubles do not count.</param>
    public static EmbedOriginsResult Read(string? lines)
    {
        var origins = new List<string>();
        foreach (var line in (lines ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (ReadOne(line))
            {
                case (null, var code):
                    return new EmbedOriginsResult.Refused(code, line);
                case ({ } origin, _) when !origins.Contains(origin):
                    origins.Add(origin);
                    break;
            }
        }

        return origins.Count > Most ? new EmbedOriginsResult.Refused("embed_origins_too_many", origins[Most]) : new EmbedOriginsResult.Valid(origins);
    }

    /// <returns>The origin as a browser writes it; null when the text is none that could be allowed.</returns>
    public static string? Normalise(string? text) => string.IsNullOrEmpty(text) ? null : ReadOne(text).Origin;

    private static (string? Origin, string Code) ReadOne(string text)
    {
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return (null, "embed_origin_wildcard");
        }

        if (text.Length > MaxLength || !Scheme().IsMatch(text) || !Uri.TryCreate(text, UriKind.Absolute, out var url) || !Host().IsMatch(url.IdnHost))
        {
            return (null, "embed_origin_invalid");
        }

        if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            return (null, "embed_origin_more");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !LoopbackHosts.Contains(url.IdnHost))
        {
            return (null, "embed_origin_not_https");
        }

        return ($"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}", "");
    }

    [GeneratedRegex("^https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    /// <summary>What frame-ancestors can name: no address in brackets, no underscore, no dot at the end.</summary>
    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex Host();
}

public abstract record EmbedOriginsResult
{
    /// <param name="Origins">Normalised, each once, in the order given; may be empty.</param>
    public sealed record Valid(IReadOnlyList<string> Origins) : EmbedOriginsResult;

    /// <param name="Code">Stable code of what is wrong.</param>
    /// <param name="Line">The line that it is about.</param>
    public sealed record Refused(string Code, string Line) : EmbedOriginsResult;
}
