using MerchantPortal.Orders;
using MerchantPortal.Shell;

namespace MerchantPortal.Checkout;

/// <summary>Everything that one rendering of the page shows.</summary>
/// <param name="Offer">Null unless the order waits for money.</param>
/// <param name="GatewayOrigins">Where a form of this page may lead.</param>
public sealed record CheckoutView(
    CheckoutVisit Visit,
    CheckoutOrder Order,
    CheckoutStatus Status,
    IReadOnlyList<CheckoutMethod> Methods,
    CheckoutOffer? Offer,
    IReadOnlyList<string> GatewayOrigins)
{
    public CheckoutState State => Status.State;

    public DateTimeOffset Now => Status.ServerTime;

    public TimeSpan Left => Order.Order.ExpiresAt > Now ? Order.Order.ExpiresAt - Now : TimeSpan.Zero;

    /// <summary>Part of the time to pay that is left, 0–100.</summary>
    public int PercentLeft
    {
        get
        {
            var whole = Order.Order.ExpiresAt - (Order.OpenAt(Now)?.CreatedAt ?? Order.Order.CreatedAt);
            return whole <= TimeSpan.Zero ? 0 : (int)Math.Clamp(Left.Ticks * 100 / whole.Ticks, 0, 100);
        }
    }

    public bool IsTest => Order.Order.Mode == PaymentMode.Test;

    /// <summary>The clock on the wall of the shop.</summary>
    public StoreTime Clock => StoreTime.Of(Order.Store.TimeZone, Order.Store.DayStartsAtHour);
}
