using System.Diagnostics;

namespace MerchantPortal.Tests.Load;

/// <summary>A checkout page that waits: its event stream, held open until it says that the order is paid.</summary>
internal sealed class BuyerStream
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BuyerStream(HttpClient client, string token, CancellationToken cancellationToken) => Paid = FollowAsync(client, token, cancellationToken);

    /// <summary>The first status has come.</summary>
    public Task Open => Task.WhenAny(_open.Task, Paid);

    /// <summary>When the page knew, in stopwatch ticks.</summary>
    public Task<long> Paid { get; }

    private async Task<long> FollowAsync(HttpClient client, string token, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync($"/pay/{token}/events", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken), bufferSize: 512);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains("\"status\":\"paid\"", StringComparison.Ordinal))
            {
                return Stopwatch.GetTimestamp();
            }

            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                _open.TrySetResult();
            }
        }

        throw new InvalidOperationException("The stream ended before the order was paid.");
    }
}
