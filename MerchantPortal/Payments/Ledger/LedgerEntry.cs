using System.Globalization;
using MerchantPortal.Data;

namespace MerchantPortal.Payments.Ledger;

/// <summary>
/// One side of a movement of money: the debits of a movement equal its credits. Written in the commit of what it tells, never changed
/// (triggers refuse it), and hash-chained per store and Beijing day. Amounts are 分.
/// </summary>
public sealed class LedgerEntry
{
    public required Guid StoreId { get; init; }

    /// <summary>Beijing day on which it was written; gateways close their books by it.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>1, 2, 3 … per store and day.</summary>
    public required long Number { get; init; }

    public required LedgerMovement Movement { get; init; }

    /// <summary>The payment, the refund, or the bill's line that moved the money.</summary>
    public required Guid MovementId { get; init; }

    public required LedgerAccount Account { get; init; }

    public required Guid ChannelAccountId { get; init; }

    /// <summary>Null for what concerns no single order.</summary>
    public Guid? OrderId { get; init; }

    public required long Debit { get; init; }

    public required long Credit { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 over the hash before it and <see cref="Content"/>.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>The name of the chain of a day.</summary>
    public static string Chain(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"ledger:{day:yyyy-MM-dd}");

    /// <summary>What the hash covers. Its form never changes: older rows are checked by it.</summary>
    public string Content() => string.Create(
        CultureInfo.InvariantCulture,
        $"{StoreId:N}|{Day:yyyy-MM-dd}|{Number}|{Movement}|{MovementId:N}|{Account}|{ChannelAccountId:N}|{OrderId:N}|{Debit}|{Credit}|{At.ToUnixTimeMilliseconds()}");

    internal LedgerEntry After(byte[] previous)
    {
        Hash = HashChain.Next(previous, Content());
        return this;
    }
}

/// <summary>Accounts of a shop's books. The first is what the gateway owes the shop; the others say why.</summary>
public enum LedgerAccount
{
    /// <summary>Money at the gateway.</summary>
    GatewayBalance,

    /// <summary>Received for orders.</summary>
    Sales,

    /// <summary>Received and owed back: it was paid for nothing.</summary>
    Surplus,

    /// <summary>Given back of what was received for orders.</summary>
    Refunds,

    /// <summary>Kept by the gateway.</summary>
    Fees,
}

public enum LedgerMovement
{
    Payment,
    SurplusPayment,
    Refund,
    SurplusRefund,

    /// <summary>A gateway's charge, from its bill.</summary>
    Fee,

    /// <summary>A charge that the gateway gave back with a refund, from its bill.</summary>
    FeeReturn,
}
