using System.Globalization;
using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// One call to the gateway: signed on the way out, and believed on the way back only when the answer is signed too. Every call may
/// be repeated, because it carries our own number.
/// </summary>
/// <param name="refreshKeys">Downloads the gateway's keys where that is due, see <see cref="ChannelSettings.RefreshKeys"/>.</param>
internal sealed class WeChatPayV3Gateway(
    WeChatPayV3Keys keys, Uri baseUrl, HttpClient http, TimeProvider time, Func<CancellationToken, Task<IReadOnlyList<PlatformCertificate>>> refreshKeys)
{
    /// <summary>For the whole call, body included: the client's own limits end with the headers.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <param name="path">Below the base address, percent-encoded, with its query.</param>
    /// <param name="body">JSON; empty for GET.</param>
    internal async Task<WeChatPayV3Answer> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        var answer = await SendOnceAsync(method, path, body, cancellationToken);
        return answer is WeChatPayV3Answer.Unknown { Probe: true } ? await SendOnceAsync(method, path, body, cancellationToken) : answer;
    }

    /// <summary>Asks for the gateway's keys. The answer's signature is judged by the reader, who may have no key yet.</summary>
    internal async Task<KeyDownload> DownloadKeysAsync(CancellationToken cancellationToken)
    {
        var announced = keys.AnnouncedSerial ?? keys.NewestSerial(time.GetUtcNow());
        var (reply, failure) = await ExchangeAsync(HttpMethod.Get, WeChatPayV3Certificates.Path, [], announced, cancellationToken);
        return reply is null ? new KeyDownload.Failed(failure) : WeChatPayV3Certificates.Read(reply, keys, time.GetUtcNow());
    }

    /// <summary>A signed request to an address that the gateway has named itself.</summary>
    internal HttpRequestMessage Request(HttpMethod method, Uri address, byte[] body) => Request(method, address, body, keys.AnnouncedSerial);

    private async Task<WeChatPayV3Answer> SendOnceAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        var (reply, failure) = await ExchangeAsync(method, path, body, keys.AnnouncedSerial, cancellationToken);
        if (reply is null)
        {
            return new WeChatPayV3Answer.Unknown(failure);
        }

        var now = time.GetUtcNow();
        var answer = reply.Judge(serial => keys.Find(serial, now), now);
        if (answer is not WeChatPayV3Answer.Unknown { KeyIsMissing: true, Probe: false } || await refreshKeys(cancellationToken) is not { Count: > 0 } downloaded)
        {
            return answer;
        }

        // The gateway has changed its key: judge the same answer once more.
        var more = new WeChatPayV3Keys(keys, downloaded);
        return reply.Judge(serial => more.Find(serial, now), now);
    }

    private async Task<(WeChatPayV3Reply? Reply, string Failure)> ExchangeAsync(
        HttpMethod method, string path, byte[] body, string? announcedSerial, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = Request(method, new Uri(baseUrl, path), body, announcedSerial);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await BoundedBody.ReadAsync(response.Content, BoundedBody.MaxAnswer, either.Token) is { } bytes
                ? (new WeChatPayV3Reply((int)response.StatusCode, HeadersOf(response), bytes), "")
                : (null, "The answer was larger than any answer of WeChat Pay.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "WeChat Pay did not answer in time.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, byte[] body, string? announcedSerial)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(32);
        var signature = keys.Merchant.Sign(WeChatPayV3Signature.RequestText(method.Method, address.PathAndQuery, timestamp, nonce, body));
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new(
            WeChatPayV3Signature.Type, WeChatPayV3Signature.Authorization(keys.MerchantId, keys.MerchantSerial, timestamp, nonce, signature));
        request.Headers.Accept.Add(new("application/json"));
        if (announcedSerial is { } serial)
        {
            request.Headers.Add(WeChatPayV3Headers.SerialName, serial);
        }

        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        return request;
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in WeChatPayV3Headers.Names)
        {
            if (response.Headers.TryGetValues(name, out var values))
            {
                headers[name] = string.Join('\n', values);
            }
        }

        return headers;
    }
}
