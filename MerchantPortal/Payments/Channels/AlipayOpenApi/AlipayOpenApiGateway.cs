using System.Net;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>Calls Alipay. Whatever goes wrong on the way is an answer that proves nothing, never an exception.</summary>
internal sealed class AlipayOpenApiGateway(HttpClient http, AlipayOpenApiRequest requests, AlipayOpenApiKeys keys)
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<AlipayOpenApiAnswer> CallAsync(
        string method, IEnumerable<KeyValuePair<string, string?>> content, Uri? notifyUrl, CancellationToken cancellationToken)
    {
        try
        {
            using var form = new FormUrlEncodedContent(requests.Fields(method, content, notifyUrl));
            using var response = await http.PostAsync(requests.PostAddress, form, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? AlipayOpenApiAnswer.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), method, keys.Alipay, keys.Certificates?.Alipay)
                : new AlipayOpenApiAnswer.Unproven($"Alipay answered with HTTP {(int)response.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            return new AlipayOpenApiAnswer.Unproven($"Alipay could not be reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AlipayOpenApiAnswer.Unproven("Alipay did not answer in time.");
        }
    }
}
