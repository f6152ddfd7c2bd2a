using MerchantPortal.Payments.Ledger;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>What a day comes to, account by account, in three independent ways. Amounts are 分.</summary>
/// <param name="Books">What proves later that the books of the day are as they were; null when nothing was booked on it, and on sheets from before this was kept.</param>
public sealed record DaySheet(DateOnly Day, IReadOnlyList<DayAccount> Accounts, IReadOnlyList<DayNote> Differences, LedgerAnchor? Books = null)
{
    public DaySum Orders => DaySum.Of(Accounts.Select(account => account.Orders));

    public DaySum Ledger => DaySum.Of(Accounts.Select(account => account.Ledger));

    public DaySum Gateway => DaySum.Of(Accounts.Select(account => account.Gateway));

    /// <summary>What the differences that stand explain of <see cref="Gateway"/> less <see cref="Orders"/>.</summary>
    public long Explained => Differences.Sum(difference => difference.Delta);

    /// <summary>What is booked under the day before or after, because the gateway's moment and ours lie on two sides of midnight.</summary>
    public long OtherDay => Gateway.Net - Orders.Net - Explained;

    public bool IsProven => Orders.Net == Ledger.Net && OtherDay == 0;
}

/// <param name="BillSha256">Null where the gateway had nothing to tell.</param>
public sealed record DayAccount(Guid AccountId, string Name, string Channel, DaySum Orders, DaySum Ledger, DaySum Gateway, string? BillSha256);

/// <param name="Fees">Kept less given back; 0 for orders, which know none.</param>
public sealed record DaySum(int Payments, long Paid, int Refunds, long Refunded, long Fees)
{
    public static readonly DaySum Zero = new(0, 0, 0, 0, 0);

    /// <summary>Before fees.</summary>
    public long Net => Paid - Refunded;

    public static DaySum Of(IEnumerable<DaySum> sums) => sums.Aggregate(
        Zero, (all, one) => new(all.Payments + one.Payments, all.Paid + one.Paid, all.Refunds + one.Refunds, all.Refunded + one.Refunded, all.Fees + one.Fees));
}

/// <summary>A difference that was ended by a person and still stands, with the reason.</summary>
public sealed record DayNote(DifferenceKind Kind, string Subject, long Delta, DifferenceStatus Status, string ResolvedBy, string Reason);
