using System.Net;

namespace MerchantPortal.Payments.Channels.WeChatPayV2;

/// <summary>Calls WeChat Pay. Whatever goes wrong on the way is an answer that proves nothing, never an exception.</summary>
internal sealed class WeChatPayV2Gateway(WeChatPayV2Account account, Uri baseUrl, HttpClient http, TimeProvider time)
{
    /// <summary>For the whole call, body included: the client's own limits end with the headers.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <param name="path">Below the base address.</param>
    /// <param name="fields">The call's own; identity, nonce and signature are added. Empty ones are not sent.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<WeChatPayV2Answer> CallAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var content = new ByteArrayContent(FlatXml.Write(WeChatWire.Root, Signed(fields)));
            content.Headers.ContentType = new("text/xml") { CharSet = "utf-8" };
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(baseUrl, path)) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode != HttpStatusCode.OK ? new WeChatPayV2Answer.Unproven($"WeChat Pay answered with HTTP {(int)response.StatusCode}.")
                : await BoundedBody.ReadAsync(response.Content, BoundedBody.MaxAnswer, either.Token) is { } bytes ? WeChatPayV2Answer.Read(bytes, account)
                : new WeChatPayV2Answer.Unproven("The answer was larger than any answer of WeChat Pay.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new WeChatPayV2Answer.Unproven($"WeChat Pay could not be reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WeChatPayV2Answer.Unproven("WeChat Pay did not answer in time.");
        }
    }

    /// <summary>The algorithm is always named, so that the answer comes back under the same one.</summary>
    private List<KeyValuePair<string, string>> Signed(IEnumerable<KeyValuePair<string, string>> fields)
    {
        List<KeyValuePair<string, string>> all =
        [
            new(WeChatWire.AppId, account.AppId),
            new(WeChatWire.MerchantId, account.MerchantId),
            new(WeChatWire.Nonce, WeChatPayV2Prompt.Nonce()),
            new(WeChatWire.SignType, account.SignType),
            .. fields.Where(field => field.Value.Length > 0),
        ];
        all.Add(new(WeChatWire.Sign, account.Digest.Sign(WeChatPayV2Account.SignedText(all))));
        return all;
    }
}
