namespace MerchantPortal.Payments.Notifications;

/// <summary>A request to a notify address, exactly as it arrived: the only thing that verification ever sees.</summary>
/// <param name="Headers">The channel's evidence headers only, lower-case names; a header sent twice has both values, joined by a line feed.</param>
/// <param name="ReceivedAt">Freshness is judged against this, at arrival and at every replay.</param>
public sealed record RawNotification(
    Guid AccountId,
    string Channel,
    string Method,
    string Path,
    string QueryString,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset ReceivedAt,
    string RemoteAddress)
{
    /// <summary>The body was over the limit and was not kept; such a request is refused unread.</summary>
    public bool TooLarge { get; init; }

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
