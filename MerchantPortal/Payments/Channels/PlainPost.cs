using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>How a gateway brings a message: posted, uncompressed, and of one media type where it always has one.</summary>
/// <param name="OtherMethod">What is said of a request that is not a POST.</param>
internal sealed record PlainPost(string OtherMethod)
{
    /// <summary>Null where the gateway is not known to keep to one. A request without a type is let through.</summary>
    public string? MediaType { get; init; }

    /// <summary>What is said of a request with another media type.</summary>
    public string OtherMediaType { get; init; } = "";

    /// <returns>Why the request is no such post; null when it is one.</returns>
    public string? Refusal(RawNotification raw) =>
        raw.Method != HttpMethods.Post ? OtherMethod
        : raw.Header("content-encoding") is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) ? "The body is compressed."
        : IsOther(raw.Header("content-type")) ? OtherMediaType
        : null;

    private bool IsOther(string? contentType) =>
        MediaType is not null && contentType?.Split(';')[0].Trim() is { Length: > 0 } type && !type.Equals(MediaType, StringComparison.OrdinalIgnoreCase);
}
