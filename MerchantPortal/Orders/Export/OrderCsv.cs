using System.Globalization;
using CsvHelper;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Shell;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Export;

/// <summary>
/// Orders as lines that a spreadsheet opens as they are meant: no text becomes a formula, no number of an order becomes a rounded one,
/// times carry the store's offset. One instance writes one file, with the mark by which spreadsheets know UTF-8.
/// </summary>
internal sealed class OrderCsv(Stream output, StoreTime calendar, DateTimeOffset now, IStringLocalizer<OrdersText> text) : IAsyncDisposable
{
    private static readonly string[] Headings =
    [
        "ColumnNumber", "ExportMerchantNo", "ExportCreated", "ColumnStatus", "ExportMode", "ColumnSubject", "ColumnNote", "ExportAmount",
        "ExportPaid", "ExportRefunded", "ColumnChannel", "ExportOutTradeNo", "ExportTransaction", "ExportPaidAt",
    ];

    private readonly CsvWriter _csv = CsvWriter.Create(
        output,
        new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=@+-\t\r\n" },
        leaveOpen: true);

    public async Task WriteHeadingAsync(CancellationToken cancellationToken)
    {
        foreach (var heading in Headings)
        {
            _csv.WriteField(text[heading].Value);
        }

        await _csv.EndRecordAsync(cancellationToken);
    }

    public async Task WriteAsync(ExportedOrder row, CancellationToken cancellationToken)
    {
        var order = row.Order;
        _csv.WriteField(Text(order.Number));
        _csv.WriteField(Text(order.MerchantOrderNo));
        _csv.WriteField(Time(order.CreatedAt));
        _csv.WriteField(string.Join(" / ", OrderWords.Chips(order.Status, order.Flags, order.ExpiresAt, now).Select(chip => text[chip.Key].Value)));
        _csv.WriteField(text[order.Mode == PaymentMode.Test ? "ModeTest" : "ModeLive"].Value);
        _csv.WriteField(Text(order.Subject));
        _csv.WriteField(Text(order.Note));
        _csv.WriteField(Money.ToYuan(order.Amount));
        _csv.WriteField(Money.ToYuan(order.PaidAmount));
        _csv.WriteField(Money.ToYuan(order.RefundedAmount));
        _csv.WriteField(row.Attempt is { } attempt ? OrderWords.Channel(attempt.Channel, text) : "");
        _csv.WriteField(Text(row.Attempt?.OutTradeNo));
        _csv.WriteField(Text(row.Attempt?.TransactionId));
        _csv.WriteField(order.PaidAt is { } paidAt ? Time(paidAt) : "");
        await _csv.EndRecordAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    /// <summary>ISO 8601 with the offset that the store had at that moment.</summary>
    private string Time(DateTimeOffset at) => calendar.Local(at).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>
    /// Text that begins with a digit would be taken for a number or a date and lose digits or zeros: a tab behind it keeps it text and
    /// stays unseen, as in Alipay's own bills. Full-width signs begin a formula in some editions, as the plain ones do in all.
    /// </summary>
    private static string Text(string? value) => value switch
    {
        null => "",
        [>= '0' and <= '9', ..] => value + "\t",
        ['＝' or '＋' or '－' or '＠', ..] => "'" + value,
        _ => value,
    };
}
