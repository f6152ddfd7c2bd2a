namespace MerchantPortal.Orders;

/// <summary>What a person has to look at. Flags stand beside the status; none of them moves it.</summary>
[Flags]
public enum OrderFlags
{
    None = 0,

    /// <summary>Money arrived after the order had been closed.</summary>
    PaidLate = 1,

    /// <summary>More than one gateway transaction paid for the order: the surplus is not ours.</summary>
    DuplicateMoney = 2,

    /// <summary>A verified notification contradicts what we know.</summary>
    NeedsReview = 4,
}
