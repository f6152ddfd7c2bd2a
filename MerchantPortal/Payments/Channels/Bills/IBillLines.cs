namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Understands the lines of one kind of bill, one after the other. One per reading.</summary>
internal interface IBillLines
{
    LineReading Read(IReadOnlyList<string> cells, int line);

    /// <summary>After the last line.</summary>
    /// <returns>Null when the bill's own totals agree with its rows.</returns>
    BillReading.Refused? Finish();
}

/// <summary>What a line of a bill file is.</summary>
internal abstract record LineReading
{
    internal static readonly LineReading Frame = new Other();

    /// <summary>A comment, the header, the totals.</summary>
    internal sealed record Other : LineReading;

    internal sealed record Row(BillRow Value) : LineReading;

    internal sealed record Wrong(BillReading.Refused Why) : LineReading;

    internal static LineReading Refused(BillFault fault, int line, string detail) => new Wrong(new BillReading.Refused(fault, line, detail));
}
