using MerchantPortal.Data;

namespace MerchantPortal.Orders;

/// <summary>What a buyer owes and what has become of it. Amounts are 分.</summary>
public sealed class Order : IVersioned
{
    /// <summary>Version 7: newer orders have greater ids, so lists page by id.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid StoreId { get; init; }

    /// <summary>Test orders are paid in the sandbox only; the two never mix.</summary>
    public required PaymentMode Mode { get; init; }

    /// <summary>Unguessable, shown to people. See <see cref="OrderNumber"/>.</summary>
    public required string Number { get; init; }

    /// <summary>128 random bits, base64url: the capability to see the checkout page. Not derivable from the number.</summary>
    public required string CheckoutToken { get; init; }

    /// <summary>The shop's own number for it, unique per store, or null.</summary>
    public string? MerchantOrderNo { get; init; }

    public required string Subject { get; init; }

    public required long Amount { get; init; }

    /// <summary>Received for this order, surplus not counted. 0 or <see cref="Amount"/>.</summary>
    public long PaidAmount { get; set; }

    /// <summary>Σ of succeeded refunds.</summary>
    public long RefundedAmount { get; set; }

    public OrderStatus Status { get; set; }

    public OrderFlags Flags { get; set; }

    /// <summary>For staff, never shown to the buyer.</summary>
    public string? Note { get; set; }

    /// <summary>Where the buyer's browser goes after payment, or null. http(s) only.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The shop's own JSON object, kept and handed back as it came; null when none was given.</summary>
    public string? MetadataJson { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The gateway's time of payment; null until paid. Never changes afterwards.</summary>
    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Concurrency token: every change raises it.</summary>
    public int Version { get; set; }

    public List<OrderLine> Lines { get; init; } = [];
}

public enum PaymentMode
{
    Test,
    Live,
}
