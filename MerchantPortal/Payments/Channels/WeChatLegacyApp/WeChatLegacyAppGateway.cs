using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;

namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

/// <summary>
/// Calls WeChat with the access token that all of the portal shares. A token that somebody else has replaced is fetched anew once, and the
/// call is made again once.
/// </summary>
internal sealed class WeChatLegacyAppGateway
{
    /// <summary>WeChat gives 200 a day; the rest is for answers that got lost and for the merchant's other systems.</summary>
    private const int DailyTokens = 180;

    private readonly ChannelSettings _settings;
    private readonly ISharedTokens _tokens;
    private readonly SharedTokenSource _source;
    private readonly string _tokenPath;

    public WeChatLegacyAppGateway(ChannelSettings settings, WeChatLegacyAppKeys keys)
    {
        _settings = settings;
        _tokens = settings.Tokens ?? throw new InvalidOperationException("This channel does not open without a place for its access token.");
        _tokenPath = $"cgi-bin/token?grant_type=client_credential&appid={keys.AppId}&secret={keys.AppSecret}";
        // Accounts of the same app share its token; the address keeps test and live apart.
        var shared = SHA256.HashData(Encoding.UTF8.GetBytes($"{new Uri(settings.BaseUrl, _tokenPath)}"));
        _source = new SharedTokenSource(Convert.ToHexStringLower(shared), DailyTokens, FetchAsync);
    }

    /// <param name="path">Below the gateway, without the token.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<WeChatLegacyAppAnswer> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        string? refused = null;
        for (var round = 1; ; round++)
        {
            switch (await _tokens.GetAsync(_source, refused, cancellationToken))
            {
                case SharedToken.Given given:
                    var answer = await PostAsync(path, given.Token, body, cancellationToken);
                    if (round > 1 || answer is not WeChatLegacyAppAnswer.Told { IsTokenRefused: true })
                    {
                        return answer;
                    }

                    refused = given.Token;
                    break;
                case SharedToken.Refused no:
                    return new WeChatLegacyAppAnswer.NoToken(no.Code, no.Message);
                case SharedToken.Unknown unknown:
                    return new WeChatLegacyAppAnswer.Unknown(unknown.Reason);
            }
        }
    }

    private async Task<SharedToken> FetchAsync(CancellationToken cancellationToken)
    {
        var (body, fault) = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Address(_tokenPath)), cancellationToken);
        if (body is null)
        {
            return new SharedToken.Unknown(fault);
        }

        // A token comes without errcode; a refusal comes without a token.
        return WeChatLegacyAppAnswer.Parse(body) is not { } content ? new SharedToken.Unknown("WeChat's answer is not in its form.")
            : content.Text("access_token") is { } token && content.Number("expires_in") is > 0 and <= 86_400 and var seconds
                ? new SharedToken.Given(token, TimeSpan.FromSeconds(seconds))
            : content.Number("errcode") is not { } code ? new SharedToken.Unknown("WeChat gave no access token and no reason.")
            : new WeChatLegacyAppAnswer.Told(code, content) is var told && told.IsTransient && code != WeChatLegacyAppWire.TokenInvalid
                ? new SharedToken.Unknown(told.Describe())
                : new SharedToken.Refused(told.CodeText, told.Message);
    }

    private async Task<WeChatLegacyAppAnswer> PostAsync(string path, string token, JsonObject body, CancellationToken cancellationToken)
    {
        var address = Address($"{path}?access_token={Uri.EscapeDataString(token)}");
        var (answer, fault) = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, address) { Content = Content(body) }, cancellationToken);
        return answer is null ? new WeChatLegacyAppAnswer.Unknown(fault) : WeChatLegacyAppAnswer.Read(answer);
    }

    /// <returns>The body of an answer with status 200; else null and why.</returns>
    private async Task<(byte[]? Body, string Fault)> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        if (!IsTrusted())
        {
            return (null, "Live accounts call WeChat over https only: its answers are not signed.");
        }

        try
        {
            using var message = request();
            using var response = await _settings.Http.SendAsync(message, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? (await response.Content.ReadAsByteArrayAsync(cancellationToken), "")
                : (null, $"WeChat answered with HTTP {(int)response.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, $"WeChat could not be reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "WeChat did not answer in time.");
        }
    }

    /// <summary>Secrets go out and unsigned answers come in: only TLS, this machine, or the sandbox will do.</summary>
    private bool IsTrusted() => _settings.Mode == PaymentMode.Test || _settings.BaseUrl.Scheme == Uri.UriSchemeHttps || _settings.BaseUrl.IsLoopback;

    private Uri Address(string path) => new(_settings.BaseUrl, path);

    private static StringContent Content(JsonObject body) => new(body.ToJsonString(WeChatLegacyAppWire.Json), Encoding.UTF8, "application/json");
}
