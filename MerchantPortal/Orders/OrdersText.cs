namespace MerchantPortal.Orders;

/// <summary>Names the texts of the order pages.</summary>
public sealed class OrdersText;
