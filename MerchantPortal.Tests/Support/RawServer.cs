using System.Net;
using System.Net.Sockets;

namespace MerchantPortal.Tests.Support;

/// <summary>A server on a port of its own that answers by the bytes it is given, also such as no web server would send.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;

    /// <param name="serve">Serves one caller; the connection ends with it.</param>
    public RawServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        Accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public Task Accepting { get; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = ServeAsync(client, _end.Token);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            await _serve(client.GetStream(), end);
        }
    }
}
