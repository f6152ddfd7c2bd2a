namespace MerchantPortal.Checkout;

/// <summary>Names the texts of the buyer's page.</summary>
public sealed class CheckoutText;
