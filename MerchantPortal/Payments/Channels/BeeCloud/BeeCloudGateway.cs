using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>Calls BeeCloud. Whatever goes wrong on the way is no answer, never an exception. Answers are not signed: TLS vouches for them.</summary>
internal sealed class BeeCloudGateway(BeeCloudKeys keys, Uri baseUrl, HttpClient http, TimeProvider time)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<BeeCloudAnswer> PostAsync(string path, JsonObject fields, CancellationToken cancellationToken) =>
        PostAsync(path, fields, keys.AppSecret, cancellationToken);

    /// <summary>For calls by which money leaves: they are signed with the Master Secret.</summary>
    public Task<BeeCloudAnswer> PostAsMasterAsync(string path, JsonObject fields, CancellationToken cancellationToken) =>
        PostAsync(path, fields, keys.MasterSecret, cancellationToken);

    private Task<BeeCloudAnswer> PostAsync(string path, JsonObject fields, string secret, CancellationToken cancellationToken) =>
        SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, new Uri(baseUrl, path))
            {
                Content = new StringContent(Signed(fields, secret).ToJsonString(Plain), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            },
            cancellationToken);

    public Task<BeeCloudAnswer> GetAsync(string path, JsonObject fields, CancellationToken cancellationToken) =>
        SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, new Uri(baseUrl, $"{path}?para={Uri.EscapeDataString(Signed(fields, keys.AppSecret).ToJsonString(Plain))}")), cancellationToken);

    private JsonObject Signed(JsonObject fields, string secret)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeMilliseconds();
        fields["app_id"] = keys.AppId;
        fields["timestamp"] = timestamp;
        fields["app_sign"] = BeeCloudSignature.Rest(keys.AppId, timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture), secret);
        return fields;
    }

    private async Task<BeeCloudAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        try
        {
            using var request = make();
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? BeeCloudAnswer.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken))
                : new BeeCloudAnswer.None($"BeeCloud answered with HTTP {(int)response.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            return new BeeCloudAnswer.None($"BeeCloud could not be reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new BeeCloudAnswer.None("BeeCloud did not answer in time.");
        }
    }
}
