using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Channels.WeChatPayV3;
using static MerchantPortal.Tests.Payments.Channels.Bills.BillTexts;

namespace MerchantPortal.Tests.Payments.Channels.Bills;

/// <summary>Bill files are read to the last 分, whatever they are packed in, or refused with the line that is wrong.</summary>
public sealed class BillFormatTests
{
    private static readonly IBillFormat WeChatFormat = WeChatPayV3BillLines.Format;
    private static readonly IBillFormat AlipayFormat = AlipayOpenApiBillLines.Format;

    private static readonly Line[] Day2 =
    [
        new("42000001", "PX001", 12_840, 77), new("42000002", "PX002", 1, 0), new("42000001", "PX001", 840, 5, "R001"),
    ];

    public static TheoryData<string> Packings => ["plain", "bom", "gbk", "gzip", "zip", "lf"];

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task A_bill_of_WeChat_says_the_same_however_it_is_packed(string packing)
    {
        var (reading, rows) = await WeChatFormat.ReadAsync(Pack(WeChat(Day2), packing), MerchantId);

        AssertRows(rows, feeRate: 6_000);
        AssertSameBill(reading, (await WeChatFormat.ReadAsync(Utf8(WeChat(Day2)), MerchantId)).Reading);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public async Task A_bill_of_Alipay_says_the_same_however_it_is_packed(string packing)
    {
        var (reading, rows) = await AlipayFormat.ReadAsync(Pack(Alipay(Day2), packing), SellerId);

        AssertRows(rows, feeRate: null);
        AssertSameBill(reading, (await AlipayFormat.ReadAsync(Gbk(Alipay(Day2).Replace("09:10:11", "10:00:00", StringComparison.Ordinal)), SellerId)).Reading);
    }

    [Fact]
    public async Task Another_amount_makes_another_bill()
    {
        var (first, _) = await WeChatFormat.ReadAsync(Utf8(WeChat(Day2)), MerchantId);
        var (other, _) = await WeChatFormat.ReadAsync(Utf8(WeChat(Day2[0] with { Amount = 12_841 }, Day2[1], Day2[2])), MerchantId);

        Assert.NotEqual(Assert.IsType<BillReading.Whole>(first).Sha256, Assert.IsType<BillReading.Whole>(other).Sha256);
    }

    [Fact]
    public async Task A_day_without_rows_is_whole() =>
        Assert.Equal(BillTotals.Zero, Assert.IsType<BillReading.Whole>((await WeChatFormat.ReadAsync(Utf8(WeChat()), MerchantId)).Reading).Totals);

    [Fact]
    public async Task A_comma_in_the_name_of_what_was_sold_moves_no_column()
    {
        Line odd = Day2[0] with { Subject = "茶,\"杯\",壶" };
        foreach (var (reading, rows) in new[] { await WeChatFormat.ReadAsync(Utf8(WeChat(odd)), MerchantId), await AlipayFormat.ReadAsync(Gbk(Alipay(odd)), SellerId) })
        {
            Assert.IsType<BillReading.Whole>(reading);
            Assert.Equal((12_840, 77, "PX001"), (rows.Single().Amount, rows.Single().Fee, rows.Single().OutTradeNo));
        }
    }

    [Fact]
    public async Task A_refund_that_is_not_finished_moves_no_money_yet()
    {
        var (reading, rows) = await WeChatFormat.ReadAsync(Utf8(WeChat(Day2[2] with { RefundState = "PROCESSING" })), MerchantId);

        Assert.Equal(BillRowStatus.Pending, rows.Single().Status);
        Assert.Equal(0, Assert.IsType<BillReading.Whole>(reading).Totals.Refunded);
    }

    [Theory]
    [InlineData("`128.40,`0.00,`", "`128.401,`0.00,`", BillFault.BadAmount)]
    [InlineData("`128.40,`0.00,`", "`1e2,`0.00,`", BillFault.BadAmount)]
    [InlineData("`128.40,`0.00,`", "`128.41,`0.00,`", BillFault.TotalsDiffer)]
    [InlineData("`0.77000,", "`0.77500,", BillFault.BadAmount)]
    [InlineData("`SUCCESS,`OTHERS", "`PAID?,`OTHERS", BillFault.BadState)]
    [InlineData("2026-12-30 12:00:01", "2026-12-31 12:00:01", BillFault.OtherDay)]
    [InlineData("2026-12-30 12:00:01", "30.12.2026", BillFault.BadTime)]
    [InlineData("`1900000109", "`1900000110", BillFault.OtherMerchant)]
    [InlineData("`PX001", "`", BillFault.BadRow)]
    [InlineData("`OTHERS,", "`OTHERS,`more,", BillFault.BadRow)]
    [InlineData("`3,`128.41", "`4,`128.41", BillFault.TotalsDiffer)]
    [InlineData("\r\n总交易单数", "\r\nwhatever\r\n总交易单数", BillFault.BadRow)]
    [InlineData("微信订单号", "订单号", BillFault.NotABill)]
    public async Task A_bill_of_WeChat_with_one_thing_wrong_is_refused(string old, string changed, BillFault fault) =>
        Assert.Equal(fault, Refused(await WeChatFormat.ReadAsync(Utf8(ReplaceFirst(WeChat(Day2), old, changed)), MerchantId)).Fault);

    [Theory]
    [InlineData("128.40\t,", "128.4x\t,", BillFault.BadAmount)]
    [InlineData("交易\t", "转账\t", BillFault.BadState)]
    [InlineData("商家实收共128.41元", "商家实收共128.40元", BillFault.TotalsDiffer)]
    [InlineData("#交易合计：2笔", "#交易合计：1笔", BillFault.TotalsDiffer)]
    [InlineData("#账号：[2088000000000001", "#账号：[2088000000000002", BillFault.OtherMerchant)]
    [InlineData("#起始日期：[2026年12月30日", "#起始日期：[2026年12月29日", BillFault.OtherDay)]
    [InlineData("#退款合计", "#合计", BillFault.NoTotals)]
    [InlineData("支付宝交易号,商户订单号", "交易号,商户订单号", BillFault.NotABill)]
    public async Task A_bill_of_Alipay_with_one_thing_wrong_is_refused(string old, string changed, BillFault fault) =>
        Assert.Equal(fault, Refused(await AlipayFormat.ReadAsync(Gbk(ReplaceFirst(Alipay(Day2), old, changed)), SellerId)).Fault);

    [Fact]
    public async Task A_file_that_is_cut_anywhere_is_refused()
    {
        byte[][] files = [Utf8(WeChat(Day2)), Gzip(Utf8(WeChat(Day2))), Zip(Utf8(WeChat(Day2)))];
        foreach (var file in files)
        {
            // The last bytes of a gzip file are its check sum: without them the text is whole, and its totals say so.
            for (var length = 0; length < file.Length - 12; length += Math.Max(1, file.Length / 50))
            {
                Refused(await WeChatFormat.ReadAsync(file[..length], MerchantId));
            }
        }
    }

    [Fact]
    public async Task The_other_gateways_file_is_not_a_bill()
    {
        Assert.Equal(BillFault.NotABill, Refused(await WeChatFormat.ReadAsync(Gbk(Alipay(Day2)), MerchantId)).Fault);
        Assert.Equal(BillFault.NotABill, Refused(await AlipayFormat.ReadAsync(Utf8(WeChat(Day2)), SellerId)).Fault);
        Assert.Equal(BillFault.NotABill, Refused(await AlipayFormat.ReadAsync(Zip([0x89, 0x50, 0x4E, 0x47]), SellerId)).Fault);
    }

    [Fact]
    public async Task A_zip_whose_check_sum_is_wrong_is_damaged()
    {
        var zip = Zip(Gbk(Alipay(Day2)));
        zip[zip.AsSpan().IndexOf("PX001"u8)] = (byte)'Q';

        Assert.Equal(BillFault.Damaged, Refused(await AlipayFormat.ReadAsync(zip, SellerId)).Fault);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_the_memory() =>
        Assert.Equal(BillFault.BadRow, Refused(await WeChatFormat.ReadAsync(Utf8(WeChat(Day2)[..400] + new string('9', 1_000_000)), MerchantId)).Fault);

    private static void AssertRows(List<BillRow> rows, long? feeRate)
    {
        Assert.Equal(
            [(BillRowKind.Payment, "42000001", "PX001", "", 12_840L, 77L), (BillRowKind.Payment, "42000002", "PX002", "", 1L, 0L), (BillRowKind.Refund, "42000001", "PX001", "R001", 840L, -5L)],
            rows.Select(row => (row.Kind, row.TransactionId, row.OutTradeNo, row.RefundNo, row.Amount, row.Fee)));
        Assert.All(rows, row => Assert.Equal((new DateTimeOffset(2026, 12, 30, 4, 0, 1, TimeSpan.Zero), feeRate), (row.At, row.FeeRate)));
    }

    private static void AssertSameBill(BillReading reading, BillReading other)
    {
        var whole = Assert.IsType<BillReading.Whole>(reading);
        Assert.Equal(new BillTotals(3, 2, 12_841, 1, 840, 72), whole.Totals);
        Assert.Equal(Assert.IsType<BillReading.Whole>(other).Sha256, whole.Sha256);
    }

    private static BillReading.Refused Refused((BillReading Reading, List<BillRow> Rows) read) => Assert.IsType<BillReading.Refused>(read.Reading);

    private static byte[] Pack(string text, string packing) => packing switch
    {
        "plain" => Utf8(text),
        "bom" => WithBom(text),
        "gbk" => Gbk(text),
        "gzip" => Gzip(WithBom(text)),
        "zip" => Zip(Gbk("#支付宝业务汇总查询"), Gbk(text)),
        _ => Utf8(text.Replace("\r\n", "\n", StringComparison.Ordinal)),
    };

    private static string ReplaceFirst(string text, string old, string changed)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"Nothing to replace: {old}");
        return text[..at] + changed + text[(at + old.Length)..];
    }
}
