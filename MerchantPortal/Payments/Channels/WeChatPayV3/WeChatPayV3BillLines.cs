using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// The trade bill of WeChat Pay (交易账单, <c>bill_type=ALL</c>): a header, rows whose cells begin with a back-quote, then the names of the totals
/// and the totals. Amounts are yuan. See https://pay.weixin.qq.com/doc/v3/merchant/4013071105.
/// </summary>
internal sealed class WeChatPayV3BillLines(BillOwner owner) : IBillLines
{
    internal static readonly IBillFormat Format = new BillFormat(TransactionId, ",`", owner => new WeChatPayV3BillLines(owner));

    private const string TradeTime = "交易时间";
    private const string MerchantId = "商户号";
    private const string TransactionId = "微信订单号";
    private const string OutTradeNo = "商户订单号";
    private const string TradeState = "交易状态";
    private const string RefundId = "微信退款单号";
    private const string RefundNo = "商户退款单号";
    private const string RefundState = "退款状态";
    private const string Fee = "手续费";
    private const string FeeRate = "费率";
    private const string Amount = "订单金额";
    private const string RefundAmount = "申请退款金额";
    private const string Count = "总交易单数";

    /// <summary>Total → the column that it is the sum of.</summary>
    private static readonly (string Total, string Column)[] Sums =
    [
        ("应结订单总金额", "应结订单金额"), ("退款总金额", "退款金额"), ("充值券退款总金额", "充值券退款金额"), ("手续费总金额", Fee), ("订单总金额", Amount), ("申请退款总金额", RefundAmount),
    ];

    private readonly Dictionary<string, long> _sums = Sums.ToDictionary(sum => sum.Column, _ => 0L, StringComparer.Ordinal);
    private Dictionary<string, int>? _columns;
    private string[] _totals = [];
    private bool _isProven;
    private int _rows;

    public LineReading Read(IReadOnlyList<string> cells, int line)
    {
        if (_isProven)
        {
            return LineReading.Refused(BillFault.BadRow, line, cells[0]);
        }

        var isRow = cells[0].StartsWith('`');
        return isRow switch
        {
            true when _columns is not null && _totals.Length > 0 => Prove([cells[0][1..], .. cells.Skip(1)], line),
            true when _columns is not null => ReadRow(_columns, [cells[0][1..], .. cells.Skip(1)], line),
            false when _columns is null => ReadHeader(Split(cells), line),
            false when cells[0].StartsWith(Count, StringComparison.Ordinal) && _totals.Length == 0 => ReadTotals(Split(cells)),
            _ => LineReading.Refused(BillFault.BadRow, line, cells[0]),
        };
    }

    public BillReading.Refused? Finish() => _isProven ? null : new BillReading.Refused(BillFault.NoTotals, 0, "");

    /// <summary>Headers have no back-quotes.</summary>
    private static string[] Split(IReadOnlyList<string> cells) => string.Join(",`", cells).Split(',', StringSplitOptions.TrimEntries);

    private LineReading ReadHeader(string[] header, int line)
    {
        _columns = BillCells.Columns(header, [.. Sums.Select(sum => sum.Column), TradeTime, MerchantId, TransactionId, OutTradeNo, TradeState, RefundId, RefundNo, RefundState, FeeRate]);
        return _columns is null ? LineReading.Refused(BillFault.NotABill, line, "") : LineReading.Frame;
    }

    private LineReading ReadTotals(string[] names)
    {
        _totals = names;
        return LineReading.Frame;
    }

    private LineReading ReadRow(Dictionary<string, int> columns, string[] values, int line)
    {
        if (values.Length != columns.Count)
        {
            return LineReading.Refused(BillFault.BadRow, line, values[0]);
        }

        var cells = new BillCells(columns, values, line);
        foreach (var (_, column) in Sums)
        {
            _sums[column] += cells.Fen(column);
        }

        _rows++;
        var row = Row(cells, line);
        if (cells.Text(MerchantId) != owner.MerchantId)
        {
            cells.Refuse(BillFault.OtherMerchant, cells.Text(MerchantId), 0);
        }

        // A refund's row may bear the time of its payment.
        if (row.Kind == BillRowKind.Payment && BeijingTime.Day(row.At) != owner.Day)
        {
            cells.Refuse(BillFault.OtherDay, cells.Text(TradeTime), 0);
        }

        return cells.Fault is { } fault ? new LineReading.Wrong(fault) : new LineReading.Row(row);
    }

    private static BillRow Row(BillCells cells, int line)
    {
        var state = cells.Text(TradeState);
        var kind = state switch
        {
            "SUCCESS" => BillRowKind.Payment,
            "REFUND" or "REVOKED" => BillRowKind.Refund,
            _ => cells.Refuse(BillFault.BadState, $"{TradeState}: {state}", BillRowKind.Payment),
        };
        var isRefund = kind == BillRowKind.Refund;
        var fee = Math.Abs(cells.Fen(Fee));
        return new BillRow(
            line, kind, isRefund ? StatusOf(cells) : BillRowStatus.Succeeded, cells.Needed(TransactionId), cells.Needed(OutTradeNo),
            isRefund ? Number(cells.Text(RefundNo)) : "", isRefund ? Number(cells.Text(RefundId)) : "")
        {
            Amount = Math.Abs(cells.Fen(isRefund ? RefundAmount : Amount)),
            Fee = isRefund ? -fee : fee,
            FeeRate = BillCells.ReadRate(cells.Text(FeeRate)),
            At = cells.Time(TradeTime),
        };
    }

    private static BillRowStatus StatusOf(BillCells cells) => cells.Text(RefundState) switch
    {
        "SUCCESS" or "" => BillRowStatus.Succeeded,
        "PROCESSING" or "CHANGE" or "ABNORMAL" => BillRowStatus.Pending,
        "FAIL" or "REFUNDCLOSE" or "CLOSED" => BillRowStatus.Failed,
        var other => cells.Refuse(BillFault.BadState, $"{RefundState}: {other}", BillRowStatus.Failed),
    };

    /// <summary>Where there is no number, the bill says 0.</summary>
    private static string Number(string text) => text == "0" ? "" : text;

    private LineReading Prove(string[] values, int line)
    {
        if (values.Length != _totals.Length || BillCells.Columns(_totals, [Count, .. Sums.Select(sum => sum.Total)]) is not { } columns)
        {
            return LineReading.Refused(BillFault.BadRow, line, values[0]);
        }

        var cells = new BillCells(columns, values, line);
        var wrong = Sums.FirstOrDefault(sum => cells.Fen(sum.Total) != _sums[sum.Column]);
        _isProven = cells.Fault is null && wrong.Total is null && cells.Text(Count) == _rows.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return _isProven ? LineReading.Frame
            : cells.Fault is { } fault ? new LineReading.Wrong(fault)
            : wrong.Total is null ? LineReading.Refused(BillFault.TotalsDiffer, line, $"{Count}: {cells.Text(Count)} ≠ {_rows}")
            : LineReading.Refused(BillFault.TotalsDiffer, line, $"{wrong.Total}: {cells.Text(wrong.Total)} ≠ {Money.ToYuan(_sums[wrong.Column])}");
    }
}
