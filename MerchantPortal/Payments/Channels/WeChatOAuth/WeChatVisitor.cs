using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MerchantPortal.Payments.Channels.WeChatOAuth;

/// <summary>
/// Learns a visitor's openid by OAuth 2.0 with the scope <c>snsapi_base</c>, which asks the visitor nothing. The AppSecret is part of an
/// address here, so that no address of this class may reach a log or an exception.
/// See https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html.
/// </summary>
/// <param name="appSecret">Of the official account (公众号 AppSecret); null when the account has none, and nobody can be identified.</param>
internal sealed partial class WeChatVisitor(string appId, string? appSecret, WeChatHosts hosts, HttpClient http, TimeProvider time) : IPayerIdentification
{
    private const int MaxAnswerBytes = 16 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    private static readonly SearchValues<char> StateCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public bool CanIdentify => appSecret is { Length: > 0 };

    /// <summary>The order of the parameters is WeChat's, which is known to refuse another.</summary>
    /// <exception cref="ArgumentException">The state is not 1–128 letters and digits.</exception>
    public Uri AuthorizeUrl(Uri returnUrl, string state)
    {
        if (state.Length is 0 or > 128 || state.AsSpan().ContainsAnyExcept(StateCharacters))
        {
            throw new ArgumentException("WeChat hands back 1–128 letters and digits only.", nameof(state));
        }

        return new Uri(
            hosts.Open,
            $"connect/oauth2/authorize?appid={Uri.EscapeDataString(appId)}&redirect_uri={Uri.EscapeDataString(returnUrl.AbsoluteUri)}&response_type=code&scope=snsapi_base&state={state}#wechat_redirect");
    }

    public async Task<PayerIdentity> IdentifyAsync(string code, CancellationToken cancellationToken)
    {
        if (!CanIdentify)
        {
            return new PayerIdentity.Unknown("The account has no AppSecret.");
        }

        if (!Code().IsMatch(code))
        {
            return new PayerIdentity.Refused("40029", "That is no code of WeChat's.");
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await AskAsync(code, either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new PayerIdentity.Unknown("WeChat could not be reached.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PayerIdentity.Unknown("WeChat did not answer in time.");
        }
    }

    private async Task<PayerIdentity> AskAsync(string code, CancellationToken cancellationToken)
    {
        var address = new Uri(
            hosts.Api,
            $"sns/oauth2/access_token?appid={Uri.EscapeDataString(appId)}&secret={Uri.EscapeDataString(appSecret ?? "")}&code={Uri.EscapeDataString(code)}&grant_type=authorization_code");
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return new PayerIdentity.Unknown($"WeChat answered with status {(int)response.StatusCode}.");
        }

        return await BoundedBody.ReadAsync(response.Content, MaxAnswerBytes, cancellationToken) is { } body
            ? Read(body)
            : Unreadable;
    }

    private static PayerIdentity Read(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var json = answer.RootElement;
            return json.ValueKind != JsonValueKind.Object ? Unreadable
                : json.TryGetProperty("errcode", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt64(out var number) && number != 0
                    ? Failure(number, Text(json, "errmsg"))
                : Text(json, "openid") is { } openId && OpenId().IsMatch(openId) ? new PayerIdentity.Known(openId)
                : Unreadable;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Unreadable;
        }
    }

    /// <summary>A new code helps only where the code was at fault; the account's own faults and a busy gateway would make the browser go round for ever.</summary>
    private static PayerIdentity Failure(long number, string? message) => number switch
    {
        40029 or 40163 or 41008 or 42003 => new PayerIdentity.Refused($"{number}", Brief(message)),
        40001 or 40125 => new PayerIdentity.Unknown($"WeChat does not take this account's AppSecret ({number})."),
        _ => new PayerIdentity.Unknown($"WeChat answered {number}: {Brief(message)}"),
    };

    private static PayerIdentity.Unknown Unreadable => new("WeChat's answer names no payer.");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Brief(string? text) => text is null ? "" : text.Length <= 200 ? text : text[..200];

    [GeneratedRegex(@"\A[0-9A-Za-z_-]{1,128}\z")]
    private static partial Regex OpenId();

    [GeneratedRegex(@"\A[!-~]{1,512}\z")]
    private static partial Regex Code();
}
