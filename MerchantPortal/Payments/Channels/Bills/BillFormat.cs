using System.Text;

namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Opens a bill file, reads it line by line, and proves it against its own totals.</summary>
/// <param name="header">A column that only this kind of bill has.</param>
/// <param name="separator">Between two cells.</param>
/// <param name="lines">Who understands the lines.</param>
internal sealed class BillFormat(string header, string separator, Func<BillOwner, IBillLines> lines) : IBillFormat
{
    public async Task<BillReading> ReadAsync(
        Stream file, BillOwner owner, Func<BillRow, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        try
        {
            using var text = await new BillFile(file).OpenAsync(header, cancellationToken);
            return file.Length == 0 ? Whole(BillFault.Empty, "") : text is null ? Whole(BillFault.NotABill, "") : await ReadAsync(text, lines(owner), take, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return Whole(BillFault.Damaged, exception.Message);
        }
        catch (BillTooLargeException)
        {
            return Whole(BillFault.TooLarge, "");
        }
        catch (DecoderFallbackException)
        {
            return Whole(BillFault.BadRow, "");
        }
    }

    private async Task<BillReading> ReadAsync(
        TextReader text, IBillLines reader, Func<BillRow, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        var table = new BillTable(text, separator);
        using var digest = new BillDigest();
        var totals = BillTotals.Zero;
        while (await table.NextAsync(cancellationToken))
        {
            switch (reader.Read(table.Cells, table.Line))
            {
                case LineReading.Wrong wrong:
                    return wrong.Why;
                case LineReading.Row row:
                    digest.Add(table.Cells);
                    totals = totals.With(row.Value);
                    await take(row.Value, cancellationToken);
                    break;
            }
        }

        return table.IsTooLong ? new BillReading.Refused(BillFault.BadRow, table.Line + 1, "") : reader.Finish() is { } refused ? refused : new BillReading.Whole(totals, digest.Hex());
    }

    private static BillReading.Refused Whole(BillFault fault, string detail) => new(fault, 0, detail);
}
