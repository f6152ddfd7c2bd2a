using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Faults;

/// <summary>A gateway on a port of its own that keeps its first caller waiting until it is told otherwise, and answers all others at once.</summary>
internal sealed class HeldGateway : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, bool, SignedNotification> _answer;
    private readonly RawServer _server;
    private int _requests;

    /// <param name="answer">To the path that is asked for; true for the caller who had to wait.</param>
    public HeldGateway(Func<string, bool, SignedNotification> answer)
    {
        _answer = answer;
        _server = new RawServer(ServeAsync);
    }

    public Uri Address => _server.Address;

    /// <summary>Completes when the first caller waits.</summary>
    public Task AskedAsync() => _asked.Task.WaitAsync(Patience.Limit);

    public void LetGo() => _letGo.TrySetResult();

    public void Dispose() => _server.Dispose();

    private async Task ServeAsync(NetworkStream caller, CancellationToken end)
    {
        using var reader = new StreamReader(caller, Encoding.ASCII);
        var path = (await reader.ReadLineAsync(end) ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
        await SkipBodyAsync(reader, await LengthAsync(reader, end), end);

        var waits = Interlocked.Increment(ref _requests) == 1;
        if (waits)
        {
            _asked.SetResult();
            await _letGo.Task;
        }

        await caller.WriteAsync(Response(_answer(path, waits)), end);
    }

    private static async Task<int> LengthAsync(StreamReader reader, CancellationToken end)
    {
        var length = 0;
        while (await reader.ReadLineAsync(end) is { Length: > 0 } header)
        {
            length = header.Split(':') is [var name, var value] && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                ? int.Parse(value, CultureInfo.InvariantCulture)
                : length;
        }

        return length;
    }

    /// <summary>Closed with something unread, a connection is cut off, and the caller may lose the answer.</summary>
    private static async Task SkipBodyAsync(StreamReader reader, int length, CancellationToken end)
    {
        var buffer = new char[4_096];
        for (var read = 1; length > 0 && read > 0; length -= read)
        {
            read = await reader.ReadAsync(buffer.AsMemory(0, Math.Min(length, buffer.Length)), end);
        }
    }

    private static byte[] Response(SignedNotification answer)
    {
        var head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. answer.Body];
    }
}
