using MerchantPortal.Orders;
using MerchantPortal.Payments;

namespace MerchantPortal.Checkout;

/// <summary>How far an order is.</summary>
/// <param name="Newest">The newest attempt; null when the buyer has not chosen a way to pay.</param>
public sealed record CheckoutProgress(Order Order, PaymentAttempt? Newest)
{
    public CheckoutState StateAt(DateTimeOffset now) => Order.Status switch
    {
        OrderStatus.Pending => Order.ExpiresAt > now ? CheckoutState.Waiting : CheckoutState.Expired,
        OrderStatus.Closed => CheckoutState.Closed,
        OrderStatus.Paid => CheckoutState.Paid,
        OrderStatus.PartiallyRefunded => CheckoutState.Paid,
        OrderStatus.Refunded => CheckoutState.Paid,
    };
}
