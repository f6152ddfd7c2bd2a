namespace MerchantPortal.Orders;

public enum OrderStatus
{
    Pending,
    Paid,
    PartiallyRefunded,
    Refunded,
    Closed,
}
