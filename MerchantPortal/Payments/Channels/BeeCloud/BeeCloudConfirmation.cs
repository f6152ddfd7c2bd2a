using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>Holds what a webhook claims against what BeeCloud says when asked.</summary>
internal sealed class BeeCloudConfirmation(BeeCloudBills bills)
{
    public async Task<Confirmation> OfPaymentAsync(VerifiedNotification claimed, CancellationToken cancellationToken)
    {
        var (found, reason) = await bills.FindAsync(claimed.OutTradeNo ?? "", cancellationToken);
        return found switch
        {
            null => new Confirmation.Unclear(reason),
            [] => new Confirmation.Refuted("BeeCloud does not know this bill."),
            _ when found.Exists(bill => bill.IsPaid && bill.TotalFee == claimed.Amount && bill.TradeNo is not null && bill.TradeNo == claimed.ChannelTransactionId) =>
                new Confirmation.Confirmed("BeeCloud shows the bill as paid, with this amount and this number of the channel."),
            _ when found.Exists(bill => bill.IsPaid) =>
                new Confirmation.Refuted("BeeCloud shows the bill as paid, but with another amount or another number of the channel."),
            _ => new Confirmation.Unclear("BeeCloud does not show the bill as paid yet."),
        };
    }

    public async Task<Confirmation> OfChargeAsync(SubscriptionFact claimed, CancellationToken cancellationToken)
    {
        var (found, reason) = await bills.FindAsync(claimed.ChargeId ?? "", cancellationToken);
        return found switch
        {
            null => new Confirmation.Unclear(reason),
            [] => new Confirmation.Refuted("BeeCloud does not know this bill."),
            _ when found.Exists(bill => bill.SubChannel is { } sub && !sub.StartsWith("BC", StringComparison.Ordinal)) =>
                new Confirmation.Refuted("The bill is an ordinary payment, no charge of a subscription."),
            _ => Charge(claimed, found),
        };
    }

    private static Confirmation Charge(SubscriptionFact claimed, List<BeeCloudBill> found)
    {
        var paid = found.Find(bill => bill.IsPaid);
        return (claimed.Succeeded, paid) switch
        {
            (true, null) => new Confirmation.Unclear("BeeCloud does not show the bill as paid yet."),
            (true, { } bill) => bill.TotalFee is not null && bill.TotalFee == claimed.Amount
                ? new Confirmation.Confirmed("BeeCloud shows the bill as paid, with this amount.")
                : new Confirmation.Refuted("BeeCloud shows the bill as paid, but with another amount."),
            (false, null) => new Confirmation.Confirmed("BeeCloud shows the bill as not paid."),
            (false, not null) => new Confirmation.Refuted("BeeCloud shows the bill as paid; the message says it failed."),
        };
    }
}
