using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MerchantPortal.Sandbox.Bills;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Shell;

namespace MerchantPortal.Sandbox.WeChatPayV3;

/// <summary>The trade bill: an address and a hash, signed; behind the address a packed file that is not.</summary>
internal sealed class WeChatBills(MakeBill make, BillShelf shelf, PortalUrls urls)
{
    private const string Header =
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

    private const string TotalsHeader = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

    private static readonly TimeSpan AddressLives = TimeSpan.FromMinutes(5);

    /// <param name="date">As it was asked for: <c>yyyy-MM-dd</c>.</param>
    public async Task<WeChatAnswer> ExecuteAsync(SandboxMerchant merchant, string date, CancellationToken cancellationToken)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return WeChatAnswer.Parameter("账单日期格式不正确");
        }

        return await make.ExecuteAsync(merchant, day, cancellationToken) switch
        {
            MadeBill.Ready ready => Answer(merchant, ready),
            MadeBill.NotReady => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "STATEMENT_CREATING", "账单生成中"),
            _ => WeChatAnswer.Error(StatusCodes.Status400BadRequest, "NO_STATEMENT_EXIST", "账单文件不存在"),
        };
    }

    public byte[]? Find(string token) => shelf.Find(token);

    private WeChatAnswer Answer(SandboxMerchant merchant, MadeBill.Ready bill)
    {
        var text = new UTF8Encoding(bill.Fault == BillFault.Bom).GetPreamble().Concat(Encoding.UTF8.GetBytes(Text(merchant, bill.Lines))).ToArray();
        var packed = Packed(text);
        var token = shelf.Put(bill.Fault == BillFault.Truncated ? packed[..(packed.Length * 6 / 10)] : packed, AddressLives);
        return WeChatAnswer.Ok(new JsonObject
        {
            ["hash_type"] = "SHA1",
            ["hash_value"] = bill.Fault == BillFault.WrongHash ? new string('0', 40) : Sha1(text),
            ["download_url"] = new Uri(urls.Base, $"sandbox/{SandboxChannels.WeChat}/v3/billdownload/file?token={token}").AbsoluteUri,
        });
    }

    private static string Text(SandboxMerchant merchant, IReadOnlyList<SandboxBillLine> lines)
    {
        var text = new StringBuilder(Header).Append("\r\n");
        foreach (var line in lines)
        {
            Append(text, Row(merchant, line));
        }

        var paid = lines.Where(line => line.Refund is null).Sum(line => line.Amount);
        var refunded = lines.Where(line => line.Refund is not null).Sum(line => line.Amount);
        var fees = lines.Sum(line => line.Refund is null ? line.Fee : -line.Fee);
        text.Append(TotalsHeader).Append("\r\n");
        Append(text, [lines.Count.ToString(CultureInfo.InvariantCulture), Money.ToYuan(paid), Money.ToYuan(refunded), "0.00", Fee(fees), Money.ToYuan(paid), Money.ToYuan(refunded)]);
        return text.ToString();
    }

    private static string[] Row(SandboxMerchant merchant, SandboxBillLine line)
    {
        var (paid, refunded) = line.Refund is null ? (Money.ToYuan(line.Amount), "0.00") : ("0.00", Money.ToYuan(line.Amount));
        return
        [
            Beijing.Wall(line.At), merchant.AppId, merchant.MerchantNo, "0", "", line.TransactionId, line.OutTradeNo, SandboxNumbers.OpenId,
            line.Product == TradeProduct.H5 ? "MWEB" : line.Product.ToString().ToUpperInvariant(), line.Refund is null ? "SUCCESS" : "REFUND", "OTHERS", "CNY",
            paid, "0.00", line.Refund?.RefundId ?? "0", line.Refund?.OutRefundNo ?? "0", refunded, "0.00", line.Refund is null ? "" : "ORIGINAL",
            line.Refund is null ? "" : "SUCCESS", line.Subject, "", Fee(line.Refund is null ? line.Fee : -line.Fee), "0.60%", paid, refunded, "",
        ];
    }

    private static void Append(StringBuilder text, string[] cells) => text.Append('`').AppendJoin(",`", cells).Append("\r\n");

    /// <summary>Fees stand with five places there.</summary>
    private static string Fee(long fen) => $"{Money.ToYuan(fen)}000";

    private static byte[] Packed(byte[] text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return buffer.ToArray();
    }

    [SuppressMessage("Security", "CA5350", Justification = "The gateway's choice.")]
    private static string Sha1(byte[] text) => Convert.ToHexStringLower(SHA1.HashData(text));
}
