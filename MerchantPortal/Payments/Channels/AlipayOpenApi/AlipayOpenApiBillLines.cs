using System.Globalization;
using System.Text.RegularExpressions;
using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// The trade bill of Alipay (业务明细): comments that begin with <c>#</c>, a header, rows, and the totals as comments again. Amounts are yuan,
/// negative for refunds. See https://opendocs.alipay.com/open/204/106262.
/// </summary>
internal sealed partial class AlipayOpenApiBillLines(BillOwner owner) : IBillLines
{
    internal static readonly IBillFormat Format = new BillFormat($"{TradeNo},{OutTradeNo},", ",", owner => new AlipayOpenApiBillLines(owner));

    private const string TradeNo = "支付宝交易号";
    private const string OutTradeNo = "商户订单号";
    private const string Kind = "业务类型";
    private const string Subject = "商品名称";
    private const string FinishedAt = "完成时间";
    private const string Amount = "订单金额（元）";
    private const string Received = "商家实收（元）";
    private const string RefundNo = "退款批次号/请求号";
    private const string Fee = "服务费（元）";

    private Dictionary<string, int>? _columns;
    private (int Count, long Received) _payments;
    private (int Count, long Received) _refunds;
    private bool _paymentsProven;
    private bool _refundsProven;

    public LineReading Read(IReadOnlyList<string> cells, int line) =>
        cells[0].StartsWith('#') ? ReadComment(string.Join(',', cells), line)
        : _columns is null ? ReadHeader(cells, line)
        : _paymentsProven || _refundsProven ? LineReading.Refused(BillFault.BadRow, line, cells[0])
        : ReadRow(_columns, cells, line);

    public BillReading.Refused? Finish() => _paymentsProven && _refundsProven ? null : new BillReading.Refused(BillFault.NoTotals, 0, "");

    private LineReading ReadHeader(IReadOnlyList<string> cells, int line)
    {
        _columns = BillCells.Columns(cells, [TradeNo, OutTradeNo, Kind, Subject, FinishedAt, Amount, Received, RefundNo, Fee]);
        return _columns is null ? LineReading.Refused(BillFault.NotABill, line, "") : LineReading.Frame;
    }

    private LineReading ReadComment(string text, int line)
    {
        if (Account().Match(text) is { Success: true } account && !account.Groups[1].Value.StartsWith(owner.MerchantId, StringComparison.Ordinal))
        {
            return LineReading.Refused(BillFault.OtherMerchant, line, account.Groups[1].Value);
        }

        if (Start().Match(text) is { Success: true } start && start.Groups[1].Value != owner.Day.ToString("yyyy年MM月dd日", CultureInfo.InvariantCulture))
        {
            return LineReading.Refused(BillFault.OtherDay, line, start.Groups[1].Value);
        }

        return PaymentTotals().Match(text) is { Success: true } payments ? Prove(payments, _payments, ref _paymentsProven, line)
            : RefundTotals().Match(text) is { Success: true } refunds ? Prove(refunds, _refunds, ref _refundsProven, line)
            : LineReading.Frame;
    }

    private static LineReading Prove(Match told, (int Count, long Received) summed, ref bool isProven, int line)
    {
        isProven = told.Groups[1].Value == summed.Count.ToString(CultureInfo.InvariantCulture) && BillCells.ReadFen(told.Groups[2].Value) == summed.Received;
        return isProven ? LineReading.Frame : LineReading.Refused(BillFault.TotalsDiffer, line, $"{told.Value} ≠ {summed.Count}, {Money.ToYuan(summed.Received)}");
    }

    private LineReading ReadRow(Dictionary<string, int> columns, IReadOnlyList<string> values, int line)
    {
        if (values.Count < columns.Count)
        {
            return LineReading.Refused(BillFault.BadRow, line, values[0]);
        }

        var cells = new BillCells(columns, Joined(values, columns), line);
        var isRefund = cells.Text(Kind) switch
        {
            "交易" => false,
            "退款" => true,
            var other => cells.Refuse(BillFault.BadState, $"{Kind}: {other}", false),
        };
        var received = cells.Fen(Received);
        (isRefund ? ref _refunds : ref _payments) = isRefund
            ? (_refunds.Count + 1, _refunds.Received + received)
            : (_payments.Count + 1, _payments.Received + received);
        var row = Row(cells, isRefund, line);
        if (BeijingTime.Day(row.At) != owner.Day)
        {
            cells.Refuse(BillFault.OtherDay, cells.Text(FinishedAt), 0);
        }

        return cells.Fault is { } fault ? new LineReading.Wrong(fault) : new LineReading.Row(row);
    }

    private static BillRow Row(BillCells cells, bool isRefund, int line)
    {
        // Alipay writes what it takes with a minus, and what it gives back without.
        var fee = Math.Abs(cells.Fen(Fee));
        return new BillRow(
            line, isRefund ? BillRowKind.Refund : BillRowKind.Payment, BillRowStatus.Succeeded, cells.Needed(TradeNo), cells.Needed(OutTradeNo),
            isRefund ? cells.Text(RefundNo) : "", "")
        {
            Amount = Math.Abs(cells.Fen(Amount)),
            Fee = isRefund ? -fee : fee,
            At = cells.Time(FinishedAt),
        };
    }

    /// <summary>A comma in the name of what was sold makes one cell too many, as nothing is quoted.</summary>
    private static IReadOnlyList<string> Joined(IReadOnlyList<string> values, Dictionary<string, int> columns)
    {
        var (at, more) = (columns[Subject], values.Count - columns.Count);
        return more == 0 ? values : [.. values.Take(at), string.Join(',', values.Skip(at).Take(more + 1)), .. values.Skip(at + more + 1)];
    }

    [GeneratedRegex(@"^#账号：\[(\d+)\]")]
    private static partial Regex Account();

    [GeneratedRegex(@"^#起始日期：\[(\d{4}年\d{2}月\d{2}日)")]
    private static partial Regex Start();

    [GeneratedRegex(@"^#交易合计：(\d+)笔，商家实收共(-?[\d.]+)元")]
    private static partial Regex PaymentTotals();

    [GeneratedRegex(@"^#退款合计：(\d+)笔，商家实收退款共(-?[\d.]+)元")]
    private static partial Regex RefundTotals();
}
