using System.Globalization;
using System.IO.Compression;
using System.Text;
using MerchantPortal.Sandbox.Bills;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>The trade bill: an address that is good for half a minute; behind it a zip file of two lists in GBK.</summary>
internal sealed class AlipayBills(MakeBill make, BillShelf shelf, PortalUrls urls, TimeProvider time)
{
    private const string Header =
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

    private static readonly TimeSpan AddressLives = TimeSpan.FromSeconds(30);

    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030") ?? throw new InvalidOperationException("The framework has no GB18030.");

    public async Task<AlipayAnswer> ExecuteAsync(AlipayCall call, CancellationToken cancellationToken)
    {
        if (call.Text("bill_type") != "trade" || !DateOnly.TryParseExact(call.Text("bill_date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return AlipayAnswer.Failed("isv.invalid-arguments", "参数有误");
        }

        return await make.ExecuteAsync(call.Merchant, day, cancellationToken) is MadeBill.Ready ready
            ? AlipayAnswer.Ok(("bill_download_url", AddressOf(call.Merchant, day, ready)))
            : AlipayAnswer.Failed("isp.bill_not_exist", "账单不存在");
    }

    public byte[]? Find(string token) => shelf.Find(token);

    private string AddressOf(SandboxMerchant merchant, DateOnly day, MadeBill.Ready bill)
    {
        var text = Text(merchant, day, bill.Lines);
        var details = bill.Fault == BillFault.Bom ? [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)] : Gbk.GetBytes(text);
        var packed = Packed(merchant, day, details);
        var file = bill.Fault switch
        {
            BillFault.Truncated => packed[..(packed.Length * 6 / 10)],
            BillFault.WrongHash => Spoiled(packed),
            _ => packed,
        };
        return new Uri(urls.Base, $"sandbox/{SandboxChannels.Alipay}/bill/{shelf.Put(file, AddressLives)}").AbsoluteUri;
    }

    private string Text(SandboxMerchant merchant, DateOnly day, IReadOnlyList<SandboxBillLine> lines)
    {
        var text = new StringBuilder("#支付宝业务明细查询\r\n")
            .Append(CultureInfo.InvariantCulture, $"#账号：[{merchant.MerchantNo}0156]\r\n")
            .Append(CultureInfo.InvariantCulture, $"#起始日期：[{day:yyyy年MM月dd日} 00:00:00]   终止日期：[{day.AddDays(1):yyyy年MM月dd日} 00:00:00]\r\n")
            .Append("#-----------------------------------------业务明细列表----------------------------------------\r\n").Append(Header).Append("\r\n");
        foreach (var line in lines)
        {
            text.AppendJoin(",", Row(line).Select(cell => $"{cell}\t")).Append("\r\n");
        }

        var payments = lines.Where(line => line.Refund is null).ToList();
        var refunds = lines.Where(line => line.Refund is not null).ToList();
        return text.Append("#-----------------------------------------业务明细列表结束------------------------------------\r\n")
            .Append(CultureInfo.InvariantCulture, $"#交易合计：{payments.Count}笔，商家实收共{Money.ToYuan(payments.Sum(line => line.Amount))}元，商家优惠共0.00元\r\n")
            .Append(CultureInfo.InvariantCulture, $"#退款合计：{refunds.Count}笔，商家实收退款共{Money.ToYuan(-refunds.Sum(line => line.Amount))}元，商家优惠退款共0.00元\r\n")
            .Append(CultureInfo.InvariantCulture, $"#导出时间：[{time.GetUtcNow().ToOffset(Beijing.Offset):yyyy年MM月dd日 HH:mm:ss}]\r\n").ToString();
    }

    private static string[] Row(SandboxBillLine line)
    {
        var amount = Money.ToYuan(line.Refund is null ? line.Amount : -line.Amount);
        // What Alipay takes bears a minus.
        var fee = Money.ToYuan(line.Refund is null ? -line.Fee : line.Fee);
        return
        [
            line.TransactionId, line.OutTradeNo, line.Refund is null ? "交易" : "退款", line.Subject, Beijing.Wall(line.At), Beijing.Wall(line.At), "", "", "", "",
            "*测(138****0000)", amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", line.Refund?.OutRefundNo ?? "", fee, "0.00", "",
        ];
    }

    private static byte[] Packed(SandboxMerchant merchant, DateOnly day, byte[] details)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true, Gbk))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{merchant.MerchantNo}0156_{day:yyyyMMdd}_业务明细");
            Add(zip, $"{name}(汇总).csv", Gbk.GetBytes("#支付宝业务汇总查询\r\n"));
            Add(zip, $"{name}.csv", details);
        }

        return buffer.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(bytes);
    }

    /// <summary>Changes the check sum of the last entry where the directory at the end tells it.</summary>
    private static byte[] Spoiled(byte[] zip)
    {
        byte[] directoryEntry = [(byte)'P', (byte)'K', 1, 2];
        zip[zip.AsSpan().LastIndexOf(directoryEntry) + 16] ^= 0xFF;
        return zip;
    }
}
