using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MerchantPortal.Data;

namespace MerchantPortal.Payments.Channels;

/// <summary>Clients for gateways that ask for a certificate of the merchant's, bounded like every other call. One per certificate, kept.</summary>
public sealed class CertifiedClients(Failpoints failpoints) : IDisposable
{
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    public HttpClient With(X509Certificate2 certificate) => _clients.GetOrAdd(certificate.Thumbprint, _ => Make(certificate));

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>What is dialled with; the certificate is shown to whoever asks for one.</summary>
    internal static SocketsHttpHandler Handler(X509Certificate2 certificate)
    {
        var handler = GatewayResilience.Primary();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
        };
        return handler;
    }

    private HttpClient Make(X509Certificate2 certificate)
    {
        var client = new HttpClient(new GatewayResilience(failpoints) { InnerHandler = Handler(certificate) }, disposeHandler: true);
        GatewayResilience.Limit(client);
        return client;
    }
}
