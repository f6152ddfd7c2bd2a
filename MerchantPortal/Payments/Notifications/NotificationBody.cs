using System.IO.Pipelines;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Reads a gateway's request once, with limits on size and time.</summary>
internal static class NotificationBody
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <returns>The body; null when it is larger than <paramref name="limit"/> bytes.</returns>
    /// <exception cref="OperationCanceledException">The client went away or was slower than five seconds.</exception>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Deadline, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using var bytes = new MemoryStream(Math.Clamp((int)(request.ContentLength ?? 4096), 0, limit));
        while (true)
        {
            ReadResult result = await request.BodyReader.ReadAsync(deadline.Token);
            foreach (var segment in result.Buffer)
            {
                if (bytes.Length + segment.Length > limit)
                {
                    request.BodyReader.AdvanceTo(result.Buffer.End);
                    return null;
                }

                bytes.Write(segment.Span);
            }

            request.BodyReader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return bytes.ToArray();
            }
        }
    }

    /// <param name="body">Null for one that was too large: the capture then has an empty body and is marked.</param>
    public static RawNotification Capture(
        HttpRequest request, OpenAccount account, IChannelDefinition? definition, byte[]? body, DateTimeOffset receivedAt)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in definition?.EvidenceHeaders ?? [])
        {
            if (request.Headers.TryGetValue(name, out var values))
            {
                headers[name.ToLowerInvariant()] = Limit(string.Join('\n', values.ToArray()), 4096);
            }
        }

        return new RawNotification(
            account.Account.Id,
            account.Account.Channel,
            request.Method,
            Limit(request.Path.Value ?? "", 300),
            Limit(request.QueryString.Value ?? "", 8192),
            headers,
            body,
            receivedAt,
            request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "")
        { TooLarge = body is null };
    }

    private static string Limit(string text, int length) => text.Length <= length ? text : text[..length];
}
