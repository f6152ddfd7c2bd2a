namespace MerchantPortal.Accounts;

/// <summary>One shop: the tenant that every product, order, account and callback belongs to.</summary>
public sealed class Store
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    /// <summary>IANA name, e.g. <c>Asia/Shanghai</c>. Days in lists and reports are days in this zone.</summary>
    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>Hour (0–23, store time) at which the business day starts.</summary>
    public int DayStartsAtHour { get; set; }

    /// <summary>Language of a new session: <c>zh-CN</c> or <c>en</c>.</summary>
    public string Language { get; set; } = "zh-CN";

    public string? SupportContact { get; set; }

    /// <summary>Web pages that may show this store's checkout inside themselves, as <see cref="Accounts.EmbedOrigins"/> writes them. Empty: none.</summary>
    public IReadOnlyList<string> EmbedOrigins { get; set; } = [];

    /// <summary>
    /// Number of the newest feed row. Raised under this row's lock in the transaction that writes the feed row, so that
    /// commit order and number order agree.
    /// </summary>
    public long LastFeedNumber { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }
}
