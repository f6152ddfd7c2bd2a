using MerchantPortal.Audit;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Reconciliation;

public sealed class UploadBillTests
{
    [Fact]
    public async Task A_file_that_a_person_brings_is_the_same_bill_as_the_download()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync(channel: BillShop.Alipay);
        var file = await DownloadAsync(shop);

        Assert.True(Assert.IsType<TakeBillResult.Taken>(await UploadAsync(shop, file)).IsNew);
        Assert.Equal(BillDayState.Fetched, await shop.FetchAsync(BillShop.Today, BillShop.Alipay));

        var bill = await shop.Portal.ReadAsync(db => db.GatewayBills.AsNoTracking().SingleAsync());
        Assert.Equal((BillSource.Uploaded, "账单.zip", "林小姐", 1), (bill.Source, bill.FileName, bill.TakenBy, bill.Rows));
        Assert.True(await shop.Portal.ReadAsync(db => db.AuditEntries.AnyAsync(row => row.Action == AuditActions.BillUploaded)));
        Assert.Empty(await shop.DifferencesAsync());
    }

    [Fact]
    public async Task A_wrong_file_says_what_is_wrong_and_leaves_nothing()
    {
        await using var shop = await BillShop.OpenAsync();
        await shop.SellAsync(channel: BillShop.Alipay);
        var file = await DownloadAsync(shop);

        Assert.Equal(BillFault.OtherDay, Refused(await UploadAsync(shop, file, BillShop.Yesterday)));
        Assert.Equal(BillFault.NotABill, Refused(await UploadAsync(shop, [1, 2, 3, 4])));
        Assert.Equal(BillFault.Damaged, Refused(await UploadAsync(shop, file[..^30])));
        Assert.Equal(BillFault.Empty, Refused(await UploadAsync(shop, [])));
        Assert.Equal(0, await shop.Portal.ReadAsync(db => db.GatewayBills.CountAsync()));
    }

    private static async Task<byte[]> DownloadAsync(BillShop shop)
    {
        var open = await shop.Sandbox.AccountAsync(BillShop.Alipay);
        using var file = new MemoryStream();
        Assert.IsType<BillDownload.Downloaded>(await Assert.IsAssignableFrom<IBillSource>(open.Channel).DownloadBillAsync(BillShop.Today, file, CancellationToken.None));
        return file.ToArray();
    }

    private static async Task<TakeBillResult> UploadAsync(BillShop shop, byte[] file, DateOnly? day = null)
    {
        using var stream = new MemoryStream(file);
        return await shop.Portal.Get<UploadBill>().ExecuteAsync(
            (await shop.Sandbox.AccountAsync(BillShop.Alipay)).Account.Id, day ?? BillShop.Today, stream, "账单.zip", shop.Owner, CancellationToken.None);
    }

    private static BillFault Refused(TakeBillResult result) => Assert.IsType<TakeBillResult.Refused>(result).Why.Fault;
}
