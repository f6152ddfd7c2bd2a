using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Tests.Payments.Channels.Bills;

namespace MerchantPortal.Tests.Sandbox;

/// <summary>The sandbox's bills go through the portal's own channels: signed question, download, hash, parser.</summary>
public sealed class BillSandboxTests
{
    public static TheoryData<string, PaymentMethod> Channels => new() { { "wechat-v3", PaymentMethod.Native }, { "alipay", PaymentMethod.Page } };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_days_bill_has_its_payments_and_refunds(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        var trade = await shop.StartAsync(channel, method);
        await shop.PayAsync(trade);
        await shop.ControlAsync("refunds", new { out_trade_no = trade.Attempt.OutTradeNo, amount = 840, out_refund_no = "R001" });

        var (reading, rows) = await ReadAsync(shop, channel);

        Assert.Equal(new BillTotals(2, 1, SandboxShop.Price, 1, 840, 72), Assert.IsType<BillReading.Whole>(reading).Totals);
        Assert.Equal([trade.Attempt.OutTradeNo, trade.Attempt.OutTradeNo], rows.Select(row => row.OutTradeNo));
        Assert.Equal("R001", rows[1].RefundNo);
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task A_bill_can_be_armed_with_each_fault(string channel, PaymentMethod method)
    {
        await using var shop = await SandboxShop.OpenAsync();
        await shop.PayAsync(await shop.StartAsync(channel, method));

        Assert.Empty((await ReadAsync(shop, channel, "missing_line")).Rows);
        Assert.Equal(2, (await ReadAsync(shop, channel, "extra_line")).Rows.Count);
        Assert.Equal(SandboxShop.Price + 100, (await ReadAsync(shop, channel, "wrong_amount")).Rows.Single().Amount);
        Assert.Equal(2, (await ReadAsync(shop, channel, "doubled_line")).Rows.Count);
        Assert.Equal(780, (await ReadAsync(shop, channel, "wrong_fee")).Rows.Single().Fee);
        Assert.IsType<BillReading.Whole>((await ReadAsync(shop, channel, "bom")).Reading);
        Assert.Null((await ReadAsync(shop, channel, "not_ready")).Reading);
        Assert.IsNotType<BillReading.Whole>((await ReadAsync(shop, channel, "truncated")).Reading);
        Assert.IsNotType<BillReading.Whole>((await ReadAsync(shop, channel, "wrong_hash")).Reading);
        Assert.IsType<BillReading.Whole>((await ReadAsync(shop, channel)).Reading);
    }

    /// <returns>No reading when nothing was downloaded.</returns>
    private static async Task<(BillReading? Reading, List<BillRow> Rows)> ReadAsync(SandboxShop shop, string channel, string? fault = null)
    {
        if (fault is not null)
        {
            await shop.ControlAsync("faults", new { next_bill = fault });
        }

        var account = await shop.AccountAsync(channel);
        var source = Assert.IsAssignableFrom<IBillSource>(account.Channel);
        var today = BeijingTime.Day(shop.Portal.Get<TimeProvider>().GetUtcNow());
        using var file = new MemoryStream();
        return await source.DownloadBillAsync(today, file, CancellationToken.None) is BillDownload.Downloaded
            ? await source.BillFormat.ReadAsync(file.ToArray(), account.Account.MerchantId, today)
            : (null, []);
    }
}
