using System.Globalization;
using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// One call to the gateway: signed on the way out, and believed on the way back only when the answer is signed too. Every call may
/// be repeated, because it carries our own number.
/// </summary>
internal sealed class WeChatPayV3Gateway(WeChatPayV3Keys keys, Uri baseUrl, HttpClient http, TimeProvider time)
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>For the whole call, body included: the client's own limits end with the headers.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <param name="path">Below the base address, percent-encoded, with its query.</param>
    /// <param name="body">JSON; empty for GET.</param>
    internal async Task<WeChatPayV3Answer> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        var answer = await SendOnceAsync(method, path, body, cancellationToken);
        return answer is WeChatPayV3Answer.Unknown { Probe: true } ? await SendOnceAsync(method, path, body, cancellationToken) : answer;
    }

    private async Task<WeChatPayV3Answer> SendOnceAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = Request(method, new Uri(baseUrl, path), body);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await ReadAsync(response, either.Token) is { } bytes
                ? Judge(response, bytes)
                : new WeChatPayV3Answer.Unknown("The answer was larger than any answer of WeChat Pay.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new WeChatPayV3Answer.Unknown(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WeChatPayV3Answer.Unknown("WeChat Pay did not answer in time.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, byte[] body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetHexString(32);
        var signature = keys.Merchant.Sign(WeChatPayV3Signature.RequestText(method.Method, address.PathAndQuery, timestamp, nonce, body));
        var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new(
            WeChatPayV3Signature.Type, WeChatPayV3Signature.Authorization(keys.MerchantId, keys.MerchantSerial, timestamp, nonce, signature));
        request.Headers.Accept.Add(new("application/json"));
        if (keys.AnnouncedSerial is { } serial)
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

    /// <returns>Null when the body is over the limit.</returns>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > MaxAnswerBytes)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private WeChatPayV3Answer Judge(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return SignatureFault(response, body) ?? (WeChatPayV3Answer)new WeChatPayV3Answer.Signed(status, body);
        }

        // A refusal may come unsigned, but one that claims a signature must have a right one.
        if (response.Headers.Contains(WeChatPayV3Headers.SignatureName) && SignatureFault(response, body) is { } fault)
        {
            return fault;
        }

        return status >= 400 && WeChatPayV3Reader.Read(body, ErrorMessage.Read) is { } error
            ? new WeChatPayV3Answer.Refused(status, Brief(error.Code), Brief(error.Message))
            : new WeChatPayV3Answer.Unknown(string.Create(CultureInfo.InvariantCulture, $"HTTP {status} that is not in WeChat Pay's form."));
    }

    /// <returns>Null when the answer is the gateway's own, and fresh.</returns>
    private WeChatPayV3Answer.Unknown? SignatureFault(HttpResponseMessage response, byte[] body)
    {
        var reading = WeChatPayV3Headers.Read(HeadersOf(response));
        if (reading is not WeChatPayV3Headers.Reading.Present(var headers))
        {
            return new($"The answer is not signed as it must be. {((WeChatPayV3Headers.Reading.Refused)reading).Detail}");
        }

        if (Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - headers.UnixSeconds) >= WeChatPayV3Verification.WindowSeconds)
        {
            return new("The answer's signature is too old or from the future: check this server's clock.");
        }

        return keys.Find(headers.Serial) is { } key && WeChatPayV3Signature.IsValid(key, headers, body)
            ? null
            : new("The answer's signature does not fit any key of this account under its serial.", headers.IsProbe);
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

    private static string Brief(string text) => text.Length <= 200 ? text : text[..200];
}
