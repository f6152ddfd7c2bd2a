using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>BeeCloud collects the next month of a subscription, under a bill number of its own making.</summary>
internal sealed class ChargeSubscription(SandboxWriter writer, NotificationPump pump, TimeProvider time)
{
    /// <param name="code">Of the registration.</param>
    /// <returns>The charge; null when the code is not a subscription's.</returns>
    public async Task<SandboxTrade?> ExecuteAsync(string code, Fault fault, CancellationToken cancellationToken)
    {
        var charge = await writer.WriteAsync((db, ct) => ChargeAsync(db, code, fault, ct), cancellationToken);
        pump.Wake();
        return charge;
    }

    private async Task<SandboxTrade?> ChargeAsync(SandboxDbContext db, string code, Fault fault, CancellationToken cancellationToken)
    {
        var registration = await db.Trades.Include(row => row.Merchant).SingleOrDefaultAsync(row => row.Code == code, cancellationToken);
        if (registration is null || SubscriptionTrade.Of(registration) is not { IsCharge: false } subscription)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var declined = fault.Kind == FaultKind.Declined;
        var charge = db.Trades.Add(RegisterSubscription.Trade(
            registration.Merchant, subscription with { IsCharge = true, Declined = declined }, Guid.NewGuid().ToString("N"), registration.NotifyUrl, now)).Entity;
        var payment = declined ? null : new SandboxPayment { TransactionId = charge.TransactionId, Amount = charge.Amount, PaidAt = now };
        if (payment is not null)
        {
            charge.State = TradeState.Paid;
            charge.Payments.Add(payment);
        }

        db.Deliveries.Add(NotificationPlan.New(charge, payment, fault, now));
        return charge;
    }
}
