namespace MerchantPortal.Payments.Refunds;

/// <summary>Marks the texts of refunds.</summary>
public sealed class RefundsText;
