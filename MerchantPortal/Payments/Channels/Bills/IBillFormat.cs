namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Reads the bill file of one kind of gateway, row by row, so that memory does not grow with the bill.</summary>
public interface IBillFormat
{
    /// <summary>Reads the whole file. Rows are handed out while it is read: they count only when the end says <see cref="BillReading.Whole"/>.</summary>
    /// <param name="file">Seekable; as the gateway packs it, or unpacked.</param>
    /// <param name="take">Gets each row, in the order of the file.</param>
    Task<BillReading> ReadAsync(Stream file, BillOwner owner, Func<BillRow, CancellationToken, ValueTask> take, CancellationToken cancellationToken);
}

/// <summary>Whose bill it must be.</summary>
/// <param name="MerchantId">The gateway's name for the merchant.</param>
/// <param name="Day">Of Beijing.</param>
public sealed record BillOwner(string MerchantId, DateOnly Day);

/// <summary>What came of reading a bill.</summary>
public abstract record BillReading
{
    /// <summary>Every row was read, and the bill's own totals agree with them.</summary>
    /// <param name="Sha256">Of what the rows say, in hex: the same for the same bill, however it was packed, encoded or when it was exported.</param>
    public sealed record Whole(BillTotals Totals, string Sha256) : BillReading;

    /// <param name="Line">In the file; 0 when it is about the file as a whole.</param>
    /// <param name="Detail">The cell or the two values that contradict each other; empty when there is nothing to show.</param>
    public sealed record Refused(BillFault Fault, int Line, string Detail) : BillReading;
}

public enum BillFault
{
    Empty,
    TooLarge,

    /// <summary>The gzip or zip file is broken off, or its check sum is wrong.</summary>
    Damaged,

    /// <summary>No header of this gateway's bill in any encoding that it uses.</summary>
    NotABill,
    BadRow,
    BadAmount,
    BadTime,
    BadState,
    OtherMerchant,
    OtherDay,

    /// <summary>The totals at the end are missing: the file was cut.</summary>
    NoTotals,
    TotalsDiffer,
}

/// <summary>Sums of the rows that moved money. 分.</summary>
/// <param name="Rows">All of them.</param>
/// <param name="Fees">Kept less given back.</param>
public sealed record BillTotals(int Rows, int Payments, long Paid, int Refunds, long Refunded, long Fees)
{
    public static readonly BillTotals Zero = new(0, 0, 0, 0, 0, 0);

    public BillTotals With(BillRow row) => row switch
    {
        { Status: not BillRowStatus.Succeeded } => this with { Rows = Rows + 1 },
        { Kind: BillRowKind.Payment } => this with { Rows = Rows + 1, Payments = Payments + 1, Paid = Paid + row.Amount, Fees = Fees + row.Fee },
        _ => this with { Rows = Rows + 1, Refunds = Refunds + 1, Refunded = Refunded + row.Amount, Fees = Fees + row.Fee },
    };
}
