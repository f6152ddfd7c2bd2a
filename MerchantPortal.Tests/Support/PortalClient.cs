using System.Net;
using System.Text.RegularExpressions;

namespace MerchantPortal.Tests.Support;

/// <summary>A browser without script: keeps cookies, follows nothing by itself, posts forms with their hidden fields.</summary>
public sealed partial class PortalClient : IDisposable
{
    private readonly HttpClient _http;

    public PortalClient(Uri address, string language = "zh-CN")
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        _http = new HttpClient(handler) { BaseAddress = address };
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
        _http.DefaultRequestHeaders.Add("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    /// <summary>Returns with the headers; the body is read as it comes.</summary>
    public Task<HttpResponseMessage> GetStreamingAsync(string path) => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public async Task<string> ReadAsync(string path)
    {
        using var response = await GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Opens the page and posts the form with the given handler name (or action), as its button would.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string form, Dictionary<string, string> fields)
    {
        var html = await ReadAsync(path);
        var match = Form().Matches(html).FirstOrDefault(match => match.Value.Contains($"\"{form}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"No form {form} on {path}: {html}");
        var all = Hidden().Matches(match.Value).ToDictionary(input => input.Groups[1].Value, input => WebUtility.HtmlDecode(input.Groups[2].Value));
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }

        var action = Action().Match(match.Value) is { Success: true } given ? WebUtility.HtmlDecode(given.Groups[1].Value) : path;
        return await PostAsync(action, all);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await _http.PostAsync(path, content);
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password) => SubmitAsync(
        "/account/sign-in", "sign-in", new() { ["Input.Email"] = email, ["Input.Password"] = password });

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"<input type=""hidden"" name=""([^""]+)"" value=""([^""]*)""")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"<form[^>]* action=""([^""]*)""")]
    private static partial Regex Action();
}
