using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Payments;

/// <summary>The order that a test account is tried with: ¥0.01, named in the language of the person who tries it.</summary>
public sealed class PlaceTrialOrder(PlaceOrder place, IStringLocalizer<PaymentsText> text)
{
    /// <summary>分.</summary>
    private const long Amount = 1;

    public Task<PlaceOrderResult> ExecuteAsync(Actor actor, CancellationToken cancellationToken) =>
        place.ExecuteAsync(new NewOrder(PaymentMode.Test, [], Amount, text["TrialOrder"]), actor, cancellationToken);
}
