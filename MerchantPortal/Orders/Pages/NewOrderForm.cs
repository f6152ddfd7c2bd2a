namespace MerchantPortal.Orders.Pages;

/// <summary>What a person typed for a new order.</summary>
internal sealed class NewOrderForm
{
    /// <summary>Offered lifetimes, in minutes.</summary>
    public static readonly IReadOnlyList<int> Lifetimes = [15, 30, 120, 1440, 10080];

    public bool IsByProduct { get; set; }

    public Guid ProductId { get; set; }

    public int Quantity { get; set; } = 1;

    /// <summary>Yuan, as typed.</summary>
    public string AmountText { get; set; } = "";

    public string Subject { get; set; } = "";

    public string Note { get; set; } = "";

    public int Minutes { get; set; } = 30;

    public PaymentMode Mode { get; set; }

    /// <returns>Null when the amount cannot be read.</returns>
    public NewOrder? ToRequest()
    {
        var amount = IsByProduct ? null : Money.ParseYuan(AmountText.Trim().TrimStart('¥', '￥').Replace(",", "", StringComparison.Ordinal));
        return !IsByProduct && amount is null
            ? null
            : new NewOrder(
                Mode,
                IsByProduct ? [new NewOrderLine(ProductId, Quantity)] : [],
                amount,
                IsByProduct ? null : Subject.Trim(),
                ExpiresIn: TimeSpan.FromMinutes(Minutes),
                Note: string.IsNullOrWhiteSpace(Note) ? null : Note.Trim());
    }
}
