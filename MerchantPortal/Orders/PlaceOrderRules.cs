namespace MerchantPortal.Orders;

/// <summary>What a new order must be, before anything is looked up.</summary>
internal static class PlaceOrderRules
{
    private const int MaxLines = 100;
    private const int MaxQuantity = 9_999;

    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(7);

    /// <returns>Null when nothing is wrong.</returns>
    public static PlaceOrderResult.Refused? FirstError(NewOrder order) =>
        Contents(order) ?? Text("subject", order.Subject, 128) ?? Text("note", order.Note, 2000)
        ?? MerchantOrderNo(order.MerchantOrderNo) ?? Lifetime(order.ExpiresIn) ?? ReturnUrl(order.ReturnUrl) ?? Metadata(order.MetadataJson);

    private static PlaceOrderResult.Refused? Contents(NewOrder order) => (order.Lines.Count, order.Amount) switch
    {
        (0, null) => new("order_empty", "Give either lines or an amount with a subject."),
        ( > 0, not null) => new("order_ambiguous", "Give either lines or an amount, not both."),
        ( > MaxLines, _) => new("too_many_lines", $"An order has at most {MaxLines} lines."),
        (0, < 1 or > Money.MaxOrderAmount) => new("amount_out_of_range", "The amount must be between ¥0.01 and ¥100,000,000.00."),
        (0, _) when string.IsNullOrWhiteSpace(order.Subject) => new("subject_missing", "An order by amount needs a subject: what the buyer pays for."),
        _ => order.Lines.Any(line => line.Quantity is < 1 or > MaxQuantity)
            ? new("quantity_out_of_range", $"A quantity is between 1 and {MaxQuantity}.")
            : null,
    };

    /// <summary>Control and direction-changing characters would let a subject read differently from what it is.</summary>
    public static PlaceOrderResult.Refused? Text(string field, string? text, int maxLength) =>
        text is null ? null
        : text.Length > maxLength ? new($"{field}_too_long", $"{field} has at most {maxLength} characters.")
        : text.Any(c => (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
            ? new($"{field}_invalid", $"{field} contains control characters.")
            : null;

    private static PlaceOrderResult.Refused? MerchantOrderNo(string? number) =>
        number is null || (number.Length is >= 1 and <= 64 && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            ? null
            : new("merchant_order_no_invalid", "merchant_order_no is 1–64 letters, digits, '_', '-' or '.'.");

    private static PlaceOrderResult.Refused? Lifetime(TimeSpan? lifetime) =>
        lifetime is null || (lifetime >= MinLifetime && lifetime <= MaxLifetime)
            ? null
            : new("expires_in_out_of_range", "expires_in is between 60 and 604800 seconds.");

    private static PlaceOrderResult.Refused? ReturnUrl(string? url) =>
        url is null || (url.Length <= 2000 && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http"
            && parsed.UserInfo.Length == 0 && !url.Contains('\\', StringComparison.Ordinal))
            ? null
            : new("return_url_invalid", "return_url is an absolute http(s) address without credentials.");

    private static PlaceOrderResult.Refused? Metadata(string? json) =>
        json is null || json.Length <= 4096 ? null : new("metadata_too_long", "metadata has at most 4096 characters.");
}
