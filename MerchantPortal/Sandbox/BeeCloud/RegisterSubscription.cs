using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>A buyer signs a standing order at BeeCloud, and BeeCloud tells the app's subscription webhook.</summary>
internal sealed class RegisterSubscription(SandboxWriter writer, NotificationPump pump, TimeProvider time)
{
    public const string AddressEnd = "/subscription";

    private const long MonthlyFee = 2_900;

    /// <param name="webhook">The account's notify address, with or without its end.</param>
    /// <returns>Null when there is no such app, or nothing can be sent to the address.</returns>
    public async Task<SandboxTrade?> ExecuteAsync(string appId, string webhook, Fault fault, CancellationToken cancellationToken)
    {
        if (!SandboxUrls.IsReachable(webhook))
        {
            return null;
        }

        var address = webhook.EndsWith(AddressEnd, StringComparison.Ordinal) ? webhook : webhook.TrimEnd('/') + AddressEnd;
        var trade = await writer.WriteAsync((db, ct) => RegisterAsync(db, appId, address, fault, ct), cancellationToken);
        pump.Wake();
        return trade;
    }

    private async Task<SandboxTrade?> RegisterAsync(SandboxDbContext db, string appId, string address, Fault fault, CancellationToken cancellationToken)
    {
        if (await db.Merchants.SingleOrDefaultAsync(row => row.Channel == SandboxChannels.BeeCloud && row.AppId == appId, cancellationToken) is not { } merchant)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var subscription = new SubscriptionTrade(Guid.NewGuid().ToString(), IsCharge: false, fault.Kind == FaultKind.Declined);
        var trade = db.Trades.Add(Trade(merchant, subscription, subscription.SubscriptionId, address, now)).Entity;
        db.Deliveries.Add(NotificationPlan.New(trade, payment: null, fault, now));
        return trade;
    }

    /// <summary>Closed from the start: no wallet can pay it.</summary>
    internal static SandboxTrade Trade(SandboxMerchant merchant, SubscriptionTrade subscription, string number, string address, DateTimeOffset now) => new()
    {
        Merchant = merchant,
        OutTradeNo = number,
        Code = SandboxNumbers.Code(),
        TransactionId = SandboxNumbers.Transaction(SandboxChannels.BeeCloud, now),
        Product = TradeProduct.Button,
        Subject = SubscriptionTrade.PlanId,
        Amount = MonthlyFee,
        NotifyUrl = address,
        Attach = subscription.ToAttach(),
        CreatedAt = now,
        OpenedAt = now,
        ClosedAt = now,
        State = TradeState.Closed,
    };
}
