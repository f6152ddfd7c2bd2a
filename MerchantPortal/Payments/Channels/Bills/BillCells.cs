namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>One row by the names of its columns. Remembers the first cell that cannot be read; what came of the others does not count then.</summary>
/// <param name="columns">Name → place.</param>
internal sealed class BillCells(IReadOnlyDictionary<string, int> columns, IReadOnlyList<string> cells, int line)
{
    internal BillReading.Refused? Fault { get; private set; }

    internal string Text(string column) => columns.TryGetValue(column, out var index) ? cells[index] : "";

    internal string Needed(string column)
    {
        var text = Text(column);
        return text.Length is > 0 and <= 64 ? text : Refuse(BillFault.BadRow, $"{column}: {text}", "");
    }

    /// <returns>分, with its sign.</returns>
    internal long Fen(string column) => ReadFen(Text(column)) ?? Refuse(BillFault.BadAmount, $"{column}: {Text(column)}", 0L);

    internal DateTimeOffset Time(string column) =>
        BeijingTime.Read(Text(column)) ?? Refuse(BillFault.BadTime, $"{column}: {Text(column)}", DateTimeOffset.UnixEpoch);

    /// <summary>The places of a header's columns.</summary>
    /// <returns>Null when a column that is needed is missing, or one comes twice.</returns>
    internal static Dictionary<string, int>? Columns(IReadOnlyList<string> header, IEnumerable<string> needed)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        return header.Index().All(cell => columns.TryAdd(cell.Item, cell.Index)) && needed.All(columns.ContainsKey) ? columns : null;
    }

    internal T Refuse<T>(BillFault fault, string detail, T instead)
    {
        Fault ??= new BillReading.Refused(fault, line, detail);
        return instead;
    }

    /// <summary>Yuan with any number of places, as long as those after the second are zeros: no amount is rounded.</summary>
    /// <returns>分; null when the text is not an exact amount.</returns>
    internal static long? ReadFen(string text)
    {
        var isNegative = text.StartsWith('-');
        var yuan = isNegative ? text[1..] : text;
        var exact = yuan.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 && yuan.Length > dot + 3 && yuan.AsSpan(dot + 3).TrimEnd('0').Length == 0
            ? yuan[..(dot + 3)]
            : yuan;
        return Money.ParseYuan(exact) is { } fen ? (isNegative ? -fen : fen) : null;
    }

    /// <summary><c>0.60%</c> → 6000 millionths.</summary>
    /// <returns>Null when the text is not a rate.</returns>
    internal static long? ReadRate(string text) =>
        text.EndsWith('%') && ReadFen(text[..^1]) is { } hundredths and >= 0 ? hundredths * 100 : null;
}
