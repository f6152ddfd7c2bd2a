using System.Globalization;
using System.IO.Compression;
using System.Text;
using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Tests.Payments.Channels.Bills;

/// <summary>Bill files as the gateways write them, made apart from the product and from the sandbox. Amounts are 分.</summary>
internal static class BillTexts
{
    public const string MerchantId = "1900000109";
    public const string SellerId = "2088000000000001";

    public static readonly DateOnly Day = new(2026, 12, 30);

    private const string WeChatHeader =
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    public static string WeChat(params IReadOnlyList<Line> lines) => string.Join("\r\n", [
        WeChatHeader,
        .. lines.Select(WeChatRow),
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额",
        $"`{lines.Count},`{Yuan(Paid(lines))},`{Yuan(Refunded(lines))},`0.00,`{Yuan(Fees(lines))}000,`{Yuan(Paid(lines))},`{Yuan(Refunded(lines))}",
        "",
    ]);

    public static string Alipay(params IReadOnlyList<Line> lines) => string.Join("\r\n", [
        "#支付宝业务明细查询", $"#账号：[{SellerId}0156]", $"#起始日期：[{Day:yyyy年MM月dd日} 00:00:00]   终止日期：[{Day.AddDays(1):yyyy年MM月dd日} 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------",
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注",
        .. lines.Select(AlipayRow),
        "#-----------------------------------------业务明细列表结束------------------------------------",
        $"#交易合计：{lines.Count(line => line.RefundNo is null)}笔，商家实收共{Yuan(Paid(lines))}元，商家优惠共0.00元",
        $"#退款合计：{lines.Count(line => line.RefundNo is not null)}笔，商家实收退款共{Yuan(-Refunded(lines))}元，商家优惠退款共0.00元",
        "#导出时间：[2026年12月31日 09:10:11]", "",
    ]);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] WithBom(string text) => [.. Encoding.UTF8.GetPreamble(), .. Utf8(text)];

    public static byte[] Gbk(string text) => (CodePagesEncodingProvider.Instance.GetEncoding("GBK") ?? throw new InvalidOperationException()).GetBytes(text);

    public static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    public static byte[] Zip(params IReadOnlyList<byte[]> entries)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (index, bytes) in entries.Index())
            {
                using var entry = zip.CreateEntry($"../../{index}.csv", CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    public static async Task<(BillReading Reading, List<BillRow> Rows)> ReadAsync(this IBillFormat format, byte[] file, string merchantId, DateOnly? day = null)
    {
        List<BillRow> rows = [];
        using var stream = new MemoryStream(file);
        var reading = await format.ReadAsync(
            stream,
            new BillOwner(merchantId, day ?? Day),
            (row, _) =>
            {
                rows.Add(row);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return (reading, rows);
    }

    private static string WeChatRow(Line line)
    {
        var (paid, refunded) = line.RefundNo is null ? (Yuan(line.Amount), "0.00") : ("0.00", Yuan(line.Amount));
        string[] cells =
        [
            line.At, "wxd678efh567hg6787", line.MerchantId ?? MerchantId, "0", "", line.TransactionId, line.OutTradeNo, "oUpF8uMuAJO", "NATIVE", line.State ?? (line.RefundNo is null ? "SUCCESS" : "REFUND"),
            "OTHERS", "CNY", paid, "0.00", line.RefundNo is null ? "0" : $"50{line.RefundNo}", line.RefundNo ?? "0", refunded, "0.00", line.RefundNo is null ? "" : "ORIGINAL",
            line.RefundNo is null ? "" : line.RefundState, line.Subject, "", $"{Yuan(line.RefundNo is null ? line.Fee : -line.Fee)}000", "0.60%", paid, refunded, "",
        ];
        return $"`{string.Join(",`", cells)}";
    }

    private static string AlipayRow(Line line)
    {
        var amount = Yuan(line.RefundNo is null ? line.Amount : -line.Amount);
        string[] cells =
        [
            line.TransactionId, line.OutTradeNo, line.State ?? (line.RefundNo is null ? "交易" : "退款"), line.Subject, line.At, line.At, "", "", "", "", "*测(138****0000)", amount, amount,
            "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", line.RefundNo ?? "", Yuan(line.RefundNo is null ? -line.Fee : line.Fee), "0.00", "",
        ];
        return string.Join(',', cells.Select(cell => $"{cell}\t"));
    }

    private static long Paid(IEnumerable<Line> lines) => lines.Where(line => line.RefundNo is null).Sum(line => line.Amount);

    private static long Refunded(IEnumerable<Line> lines) => lines.Where(line => line.RefundNo is not null).Sum(line => line.Amount);

    private static long Fees(IEnumerable<Line> lines) => lines.Sum(line => line.RefundNo is null ? line.Fee : -line.Fee);

    private static string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <param name="RefundNo">Null for a payment.</param>
    internal sealed record Line(string TransactionId, string OutTradeNo, long Amount, long Fee = 0, string? RefundNo = null)
    {
        public string At { get; init; } = "2026-12-30 12:00:01";

        public string Subject { get; init; } = "茶 \"一级\"";

        public string? State { get; init; }

        public string RefundState { get; init; } = "SUCCESS";

        public string? MerchantId { get; init; }
    }
}
