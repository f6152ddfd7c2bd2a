using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Shell;

namespace MerchantPortal.Checkout;

/// <summary>Everything that one rendering of the page shows.</summary>
/// <param name="Offer">Null unless the order waits for money.</param>
/// <param name="ScriptOrigin">The gateway whose script this page runs; null when it runs none but our own.</param>
public sealed record CheckoutView(
    CheckoutVisit Visit,
    CheckoutOrder Order,
    CheckoutStatus Status,
    IReadOnlyList<CheckoutMethod> Methods,
    CheckoutOffer? Offer,
    string? ScriptOrigin)
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

    /// <summary>The buyer has been to the gateway's page and has not yet said how it went.</summary>
    public bool AsksHowItWent =>
        Offer is CheckoutOffer.Button { Started: true } && Visit.Notice is not (CheckoutNotice.Asked or CheckoutNotice.Problem);

    public string FrameAncestors => EmbedPolicy.FrameAncestors(Visit, Order.Store);

    /// <summary>The page around this one that is told what happens; null when there is none, or none that is allowed.</summary>
    public string? EmbedHost => EmbedPolicy.Host(Visit, Order.Store);

    /// <summary>What was started and can only expire, where it keeps the buyer from something that the page offers; null when nothing does.</summary>
    public PaymentAttempt? Binding => State == CheckoutState.Waiting && Order.BindingAt(Now) is { } started && !IsAllThereIs(started) ? started : null;

    /// <summary>The way to pay that is open would bind the buyer, once it is started.</summary>
    public bool WouldBind => Binding is null && Methods.Count > 1 && Offer?.Open is { CanClose: false, Presentation: not CheckoutPresentation.OpenElsewhere };

    /// <summary>The minute from which another way to pay is possible, when what expires at that time can only expire.</summary>
    public string FreeFrom(DateTimeOffset expiresAt)
    {
        var from = RetireAttempt.FreeFrom(expiresAt);
        var minutes = (from.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;
        return Clock.Minute(new DateTimeOffset(minutes * TimeSpan.TicksPerMinute, from.Offset));
    }

    public bool IsTest => Order.Order.Mode == PaymentMode.Test;

    /// <summary>The clock on the wall of the shop.</summary>
    public StoreTime Clock => StoreTime.Of(Order.Store.TimeZone, Order.Store.DayStartsAtHour);

    private bool IsAllThereIs(PaymentAttempt started) => Order.EndOf(started) > Now
        && Methods.All(method => method.Method == started.Method && method.AccountId == started.ChannelAccountId && method.Fallback is null);
}
