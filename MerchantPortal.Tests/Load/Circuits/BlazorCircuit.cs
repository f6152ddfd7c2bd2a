using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>
/// A Blazor Server page held open without a browser: reads the markers of the page, starts a circuit over one WebSocket, acknowledges
/// every batch and answers every call of script as a browser would that does as it is told.
/// </summary>
internal sealed partial class BlazorCircuit : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;
    private long _bytes;
    private int _batches;
    private int _objects;

    private BlazorCircuit()
    {
    }

    /// <summary>Received in messages, before the socket's compression.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Renders that arrived.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>Called with the bytes of each batch when it has arrived.</summary>
    public Action<ReadOnlySpan<byte>>? OnBatch { get; set; }

    /// <summary>Faulted when the server gave the circuit up.</summary>
    public Task Reading => _reading;

    /// <param name="http">Signed in, with the given cookies.</param>
    public static async Task<BlazorCircuit> OpenAsync(HttpClient http, CookieContainer cookies, Uri page, CancellationToken cancellationToken)
    {
        var html = await http.GetStringAsync(page, cancellationToken);
        var circuit = new BlazorCircuit();
        using var negotiated = await http.PostAsync(new Uri(page, "/_blazor/negotiate?negotiateVersion=1"), null, cancellationToken);
        using var answer = JsonDocument.Parse(await negotiated.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        circuit._socket.Options.Cookies = cookies;
        circuit._socket.Options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
        var token = Uri.EscapeDataString(answer.RootElement.GetProperty("connectionToken").GetString() ?? "");
        await circuit._socket.ConnectAsync(new UriBuilder(new Uri(page, $"/_blazor?id={token}")) { Scheme = "ws" }.Uri, cancellationToken);
        await circuit.StartAsync(html, page, cancellationToken);
        return circuit;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task StartAsync(string html, Uri page, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(HubMessage.Handshake, WebSocketMessageType.Binary, true, cancellationToken);
        await _socket.ReceiveAsync(new byte[64], cancellationToken);
        _reading = Task.Run(() => ReadAsync(_closing.Token), CancellationToken.None);
        await SendAsync(HubMessage.Invocation("0", "StartCircuit", new Uri(page, "/").AbsoluteUri, page.AbsoluteUri, "[]", ""), cancellationToken);
        await Task.WhenAny(_started.Task, _reading).WaitAsync(cancellationToken);
        var operations = Marker().Matches(html).Select((match, index) => $$"""{"type":"add","ssrComponentId":{{index + 1}},"marker":{{match.Groups[1].Value}}}""");
        var state = State().Match(html).Groups[1].Value;
        await SendAsync(HubMessage.Invocation(null, "UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', operations)}}]}""", state), cancellationToken);
        await (await Task.WhenAny(_ready.Task, _reading).WaitAsync(cancellationToken));
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4_096);
        var filled = 0;
        while (true)
        {
            // Nothing is kept between messages but a small buffer: a thousand of these live in one process.
            if (filled == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, filled).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            var received = await _socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException($"The server closed the circuit: {_socket.CloseStatusDescription}");
            }

            filled += received.Count;
            if (received.EndOfMessage)
            {
                Interlocked.Add(ref _bytes, filled);
                await HandleAsync(buffer.AsMemory(0, filled), cancellationToken);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(4_096);
                filled = 0;
            }
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        while (!frame.IsEmpty)
        {
            var (length, prefix) = (0, 0);
            do
            {
                length |= (frame.Span[prefix] & 0x7F) << (7 * prefix);
            }
            while ((frame.Span[prefix++] & 0x80) != 0);
            if (Answer(frame.Slice(prefix, length).Span) is { } answer)
            {
                await SendAsync(answer, cancellationToken);
            }

            frame = frame[(prefix + length)..];
        }
    }

    /// <returns>What is to be sent back; null for nothing.</returns>
    private byte[]? Answer(ReadOnlySpan<byte> message)
    {
        var reader = new PackReader(message);
        reader.Array();
        switch (reader.Integer())
        {
            case 1:
                reader.EmptyMap();
                reader.Text();
                return Call(reader.Text(), ref reader);
            case 3:
                _started.TrySetResult();
                return null;
            case 6:
                return HubMessage.Ping;
            case 7:
                throw new WebSocketException("The hub closed the connection.");
            default:
                return null;
        }
    }

    private byte[]? Call(string? target, ref PackReader reader)
    {
        reader.Array();
        switch (target)
        {
            case "JS.RenderBatch":
                var batch = reader.Integer();
                OnBatch?.Invoke(reader.Binary());
                Interlocked.Increment(ref _batches);
                return HubMessage.Invocation(null, "OnRenderCompleted", batch, null);
            case "JS.BeginInvokeJS":
                var task = reader.Integer();
                reader.Text();
                reader.Text();
                var result = reader.Integer() == 1 ? $$"""{"__jsObjectId":{{++_objects}}}""" : "null";
                return HubMessage.Invocation(null, "EndInvokeJSFromDotNet", task, true, string.Create(CultureInfo.InvariantCulture, $"[{task},true,{result}]"));
            case "JS.EndUpdateRootComponents":
                _ready.TrySetResult();
                return null;
            case "JS.Error":
                throw new WebSocketException($"The circuit failed: {reader.Text()}");
            default:
                return null;
        }
    }

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{\"type\":\"server\".*?\\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();
}
