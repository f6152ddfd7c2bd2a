namespace MerchantPortal.Payments.Refunds.Pages;

/// <summary>What a person has filled in. One form is one intent: it keeps its number however often it is sent.</summary>
internal sealed class RefundForm(string number)
{
    /// <summary>What a person can choose, the usual first.</summary>
    public static readonly IReadOnlyList<RefundReason> Reasons =
        [.. Enum.GetValues<RefundReason>().Where(reason => reason != RefundReason.AtGateway)];

    public string Number => number;

    public Guid PaymentId { get; set; }

    public string AmountText { get; set; } = "";

    public RefundReason Reason { get; set; }

    public string Note { get; set; } = "";

    /// <summary>分; null when the text is no amount.</summary>
    public long? Amount => Money.ParseYuan(AmountText.Trim().TrimStart('¥'));

    /// <summary>Key of what is wrong; null when it can be sent.</summary>
    public string? Fault(long remaining) =>
        Amount is not > 0 ? "FaultAmount"
        : Amount > remaining ? "FaultTooMuch"
        : Reason == RefundReason.Other && Note.Trim().Length == 0 ? "FaultReason"
        : null;

    public RefundWish ToWish(Guid orderId) => new(orderId, PaymentId, Amount ?? 0, Reason, Note, number);
}
