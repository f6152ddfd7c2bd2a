using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Takes in a bill that a person has downloaded at the gateway, for accounts that may not fetch theirs.</summary>
public sealed class UploadBill(PaymentChannels channels, TakeBill take, PortalWriter writer, TimeProvider time)
{
    public const long MaxBytes = BillFile.MaxBytes;

    /// <param name="file">Seekable.</param>
    public async Task<TakeBillResult> ExecuteAsync(Guid accountId, DateOnly day, Stream file, string fileName, Actor actor, CancellationToken cancellationToken)
    {
        if (await channels.FindAsync(accountId, cancellationToken) is not { } open || open.Account.StoreId != actor.StoreId || open.Channel is not IBillSource source)
        {
            return new TakeBillResult.Refused(new BillReading.Refused(BillFault.NotABill, 0, ""));
        }

        var result = await take.ExecuteAsync(new BillToTake(open.Account, day, source.BillFormat, file, BillSource.Uploaded, actor, fileName), cancellationToken);
        if (result is TakeBillResult.Taken)
        {
            await writer.WriteAsync((db, ct) => NoteAsync(db, open.Account, day, ct), cancellationToken);
        }

        return result;
    }

    private async Task<bool> NoteAsync(PortalDbContext db, ChannelAccount account, DateOnly day, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await db.BillDays.SingleOrDefaultAsync(known => known.ChannelAccountId == account.Id && known.Day == day, cancellationToken)
            ?? db.BillDays.Add(new BillDay { ChannelAccountId = account.Id, Day = day, StoreId = account.StoreId, ChangedAt = now }).Entity;
        (row.State, row.Reason, row.DueAt, row.ChangedAt) = (BillDayState.Fetched, null, null, now);
        return true;
    }
}
