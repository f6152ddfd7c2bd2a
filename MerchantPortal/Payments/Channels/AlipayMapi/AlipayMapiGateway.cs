using System.Net;

namespace MerchantPortal.Payments.Channels.AlipayMapi;

/// <summary>Calls the interface. Whatever goes wrong on the way is an answer that proves nothing, never an exception.</summary>
internal sealed class AlipayMapiGateway(HttpClient http, AlipayMapiSignature signature)
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<AlipayMapiAnswer> CallAsync(Uri address, CancellationToken cancellationToken) =>
        await AskAsync(address, cancellationToken) switch
        {
            (null, var problem) => new AlipayMapiAnswer.Unproven(problem),
            (var body, _) => AlipayMapiAnswer.Read(body, signature),
        };

    /// <summary>The one call that answers with a word.</summary>
    /// <returns>The word; null when there was no answer of the kind.</returns>
    public async Task<string?> WordAsync(Uri address, CancellationToken cancellationToken) =>
        await AskAsync(address, cancellationToken) is ({ Length: < 100 } body, _) && FormEncoding.Text(FormEncoding.Utf8, body) is { } text ? text.Trim() : null;

    private async Task<(byte[]? Body, string Problem)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"Alipay answered with HTTP {(int)response.StatusCode}.");
            }

            return (await BoundedBody.ReadAsync(response.Content, BoundedBody.MaxAnswer, cancellationToken), "The answer was larger than any answer of Alipay.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, $"Alipay could not be reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "Alipay did not answer in time.");
        }
    }
}
