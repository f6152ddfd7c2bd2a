using MerchantPortal.Data;

namespace MerchantPortal.Payments.Ledger;

/// <summary>One movement of money between two accounts of a store's books.</summary>
/// <param name="MovementId">The payment, the refund, or the bill's line.</param>
/// <param name="Amount">分, positive.</param>
/// <param name="At">When it is written.</param>
public sealed record Posting(
    Guid StoreId, Guid ChannelAccountId, Guid? OrderId, LedgerMovement Movement, Guid MovementId, long Amount, DateTimeOffset At)
{
    /// <summary>Which account is debited and which credited: the whole book-keeping of the portal.</summary>
    public (LedgerAccount Debit, LedgerAccount Credit) Accounts => Movement switch
    {
        LedgerMovement.Payment => (LedgerAccount.GatewayBalance, LedgerAccount.Sales),
        LedgerMovement.SurplusPayment => (LedgerAccount.GatewayBalance, LedgerAccount.Surplus),
        LedgerMovement.Refund => (LedgerAccount.Refunds, LedgerAccount.GatewayBalance),
        LedgerMovement.SurplusRefund => (LedgerAccount.Surplus, LedgerAccount.GatewayBalance),
        LedgerMovement.Fee => (LedgerAccount.Fees, LedgerAccount.GatewayBalance),
        LedgerMovement.FeeReturn => (LedgerAccount.GatewayBalance, LedgerAccount.Fees),
    };

    public static Posting Of(Payment payment) => new(
        payment.StoreId, payment.ChannelAccountId, payment.OrderId,
        payment.IsSurplus ? LedgerMovement.SurplusPayment : LedgerMovement.Payment, payment.Id, payment.Amount, payment.RecordedAt);

    public static Posting Of(Refund refund, bool ofSurplus, DateTimeOffset at) => new(
        refund.StoreId, refund.ChannelAccountId, refund.OrderId,
        ofSurplus ? LedgerMovement.SurplusRefund : LedgerMovement.Refund, refund.Id, refund.Amount, at);

    /// <summary>Both sides, next in the chain.</summary>
    /// <param name="end">The chain's end before them.</param>
    internal (LedgerEntry[] Entries, ChainEnd End) Write(DateOnly day, ChainEnd end)
    {
        var (debit, credit) = Accounts;
        var first = Entry(debit, day, end, Amount, 0);
        var second = Entry(credit, day, new ChainEnd(first.Number, first.Hash), 0, Amount);
        return ([first, second], new ChainEnd(second.Number, second.Hash));
    }

    private LedgerEntry Entry(LedgerAccount account, DateOnly day, ChainEnd end, long debit, long credit) => new LedgerEntry
    {
        StoreId = StoreId,
        Day = day,
        Number = end.Number + 1,
        Movement = Movement,
        MovementId = MovementId,
        Account = account,
        ChannelAccountId = ChannelAccountId,
        OrderId = OrderId,
        Debit = debit,
        Credit = credit,
        At = At,
    }.After(end.Hash);
}
