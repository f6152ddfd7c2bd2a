namespace MerchantPortal.Payments;

/// <summary>Words that the portal itself writes into payments.</summary>
public sealed class PaymentsText;
