using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Janitor;

namespace MerchantPortal.Checkout;

/// <summary>All that the checkout reads of one order, at one moment.</summary>
/// <param name="Attempts">Newest first.</param>
/// <param name="PaidBy">The attempt whose money made the order paid; null while it is not.</param>
public sealed record CheckoutOrder(
    Order Order, Store Store, IReadOnlyList<PaymentAttempt> Attempts, PaymentAttempt? PaidBy, IReadOnlyList<CheckoutAccount> Accounts)
{
    /// <summary>How much the clock has been set forward since something was placed; the order's own end counts that in already.</summary>
    internal ClockLead Lead { get; init; } = ClockLead.None;

    public PaymentAttempt? Newest => Attempts.Count > 0 ? Attempts[0] : null;

    /// <summary>The one that the buyer may be paying right now; null when there is none.</summary>
    public PaymentAttempt? OpenAt(DateTimeOffset now) =>
        Attempts.FirstOrDefault(attempt => attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted && EndOf(attempt) > now);

    /// <summary>One that only expires, and until then keeps the buyer from any other way to pay; null when there is none.</summary>
    public PaymentAttempt? BindingAt(DateTimeOffset now) => Attempts.FirstOrDefault(attempt =>
        attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted && RetireAttempt.FreeFrom(EndOf(attempt)) > now
        && Accounts.Any(account => account.Id == attempt.ChannelAccountId && !account.CanClose));

    /// <summary>By the clock as it is now.</summary>
    public DateTimeOffset EndOf(PaymentAttempt attempt) => attempt.ExpiresAt + Lead.For(attempt.CreatedAt);

    public CheckoutState StateAt(DateTimeOffset now) => Progress.StateAt(now);

    public CheckoutProgress Progress => new(Order, Newest);

    public static CheckoutBrand BrandOf(PaymentMethod method) => method switch
    {
        PaymentMethod.Native => CheckoutBrand.WeChat,
        PaymentMethod.H5 => CheckoutBrand.WeChat,
        PaymentMethod.Jsapi => CheckoutBrand.WeChat,
        PaymentMethod.App => CheckoutBrand.WeChat,
        PaymentMethod.Page => CheckoutBrand.Alipay,
        PaymentMethod.Wap => CheckoutBrand.Alipay,
        PaymentMethod.Precreate => CheckoutBrand.Alipay,
        PaymentMethod.Button => CheckoutBrand.QuickPay,
    };
}

/// <summary>What the buyer's page is about.</summary>
public enum CheckoutState
{
    Waiting,

    /// <summary>Unpaid after its time; the buyer may renew it.</summary>
    Expired,

    /// <summary>Paid, whatever was refunded since.</summary>
    Paid,

    /// <summary>Closed unpaid: nobody can pay it any more.</summary>
    Closed,
}
