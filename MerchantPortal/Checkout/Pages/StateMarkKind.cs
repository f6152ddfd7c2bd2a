namespace MerchantPortal.Checkout.Pages;

/// <summary>The drawing that stands over a message.</summary>
public enum StateMarkKind
{
    Paid,
    Expired,
    Closed,
    Attention,
}
