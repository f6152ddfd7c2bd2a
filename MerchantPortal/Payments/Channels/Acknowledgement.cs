namespace MerchantPortal.Payments.Channels;

/// <param name="ContentType">Null when the body is empty.</param>
public sealed record Acknowledgement(int StatusCode, string? ContentType, string Body);
