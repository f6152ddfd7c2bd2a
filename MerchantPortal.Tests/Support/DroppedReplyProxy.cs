using System.Net;
using System.Net.Sockets;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// Stands between the portal and PostgreSQL. When armed, the next COMMIT goes through, its reply does not: the connection breaks, and the
/// client cannot know whether the commit took place.
/// </summary>
internal sealed class DroppedReplyProxy : IDisposable
{
    /// <summary>With the end of the text: a transaction begins as READ COMMITTED.</summary>
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socket;
    private int _armed;
    private int _dropped;

    /// <param name="socket">Path of the server's socket.</param>
    public DroppedReplyProxy(string socket)
    {
        _socket = socket;
        _listener.Start();
        Completion = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Replies that were dropped so far.</summary>
    public int Dropped => _dropped;

    public Task Completion { get; }

    public void Arm() => Interlocked.Exchange(ref _armed, 1);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var token = _stop.Token;
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(token), token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client, CancellationToken token)
    {
        using var near = client;
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var drop = new TaskCompletionSource();
        try
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(_socket), token);
            await using var far = new NetworkStream(server);
            await Task.WhenAny(ForwardAsync(near.GetStream(), far, drop, token), ReplyAsync(far, near.GetStream(), drop, token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // One side is gone; so is the other.
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to, TaskCompletionSource drop, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, token) is > 0 and var length)
        {
            if (buffer.AsSpan(0, length).IndexOf(Commit) >= 0 && Interlocked.Exchange(ref _armed, 0) == 1)
            {
                drop.SetResult();
            }

            await to.WriteAsync(buffer.AsMemory(0, length), token);
        }
    }

    private async Task ReplyAsync(NetworkStream from, NetworkStream to, TaskCompletionSource drop, CancellationToken token)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, token) is > 0 and var length)
        {
            if (drop.Task.IsCompleted)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, length), token);
        }
    }
}
