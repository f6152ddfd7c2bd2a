using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.Bills;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Asks a gateway for the bill of one day, takes it in, and writes down how far it came.</summary>
public sealed class FetchBill(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, TakeBill take, PortalWriter writer, TimeProvider time)
{
    /// <summary>So long "no bill" is not believed of a day on which the books have something.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(3);

    private static readonly TimeSpan NotReadyWait = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);

    /// <summary>After this many days a gateway is not asked by itself any more.</summary>
    internal const int DaysBack = 30;

    /// <param name="lease">Held by the job that does it; null for a person.</param>
    public async Task<BillDayState> ExecuteAsync(Guid accountId, DateOnly day, Actor actor, HeldLease? lease, CancellationToken cancellationToken)
    {
        if (await channels.FindAsync(accountId, cancellationToken) is not { } open || open.Account.StoreId != actor.StoreId || open.Channel is not IBillSource source)
        {
            return BillDayState.Failed;
        }

        await NoteAsync(open.Account, day, lease, new Progress(BillDayState.Fetching, null, IsTry: true), cancellationToken);
        var progress = await TryAsync(open.Account, day, source, actor, lease, cancellationToken);
        await NoteAsync(open.Account, day, lease, progress, cancellationToken);
        return progress.State;
    }

    private async Task<Progress> TryAsync(
        ChannelAccount account, DateOnly day, IBillSource source, Actor actor, HeldLease? lease, CancellationToken cancellationToken)
    {
        await using var file = TemporaryFile();
        var bill = new BillToTake(account, day, source.BillFormat, file, BillSource.Downloaded, actor, Lease: lease);
        switch (await source.DownloadBillAsync(day, file, cancellationToken))
        {
            case BillDownload.Downloaded:
                return await take.ExecuteAsync(bill, cancellationToken) is TakeBillResult.Refused refused
                    ? new Progress(BillDayState.Failed, Sentence(refused.Why))
                    : new Progress(BillDayState.Fetched, null);
            case BillDownload.NotReady:
                return new Progress(BillDayState.NotReady, null);
            case BillDownload.NoBill when !await HasBooksAsync(account.Id, day, cancellationToken):
                return new Progress(BillDayState.NoBill, null);
            case BillDownload.NoBill when time.GetUtcNow() < BeijingTime.StartOf(day.AddDays(1)) + Doubt:
                return new Progress(BillDayState.NotReady, "The gateway has no bill, but the books have payments of that day.");
            case BillDownload.NoBill:
                await take.TakeNothingAsync(bill with { Source = BillSource.NothingTold }, cancellationToken);
                return new Progress(BillDayState.Fetched, null);
            case BillDownload.Unknown unknown:
                return new Progress(BillDayState.Failed, unknown.Reason);
            default:
                throw new InvalidOperationException("A bill is there, not yet, not at all, or unknown.");
        }
    }

    /// <summary>Gone as soon as it is closed.</summary>
    internal static FileStream TemporaryFile() => new(
        Path.Combine(Path.GetTempPath(), $"bill-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920,
        FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    private async Task<bool> HasBooksAsync(Guid accountId, DateOnly day, CancellationToken cancellationToken)
    {
        var (from, to) = (BeijingTime.StartOf(day), BeijingTime.StartOf(day.AddDays(1)));
        await using var db = contexts.CreateDbContext();
        return await db.Payments.AnyAsync(row => row.ChannelAccountId == accountId && row.PaidAt >= from && row.PaidAt < to, cancellationToken)
            || await db.Refunds.AnyAsync(
                row => row.ChannelAccountId == accountId && row.Status == RefundStatus.Succeeded && row.SettledAt >= from && row.SettledAt < to, cancellationToken);
    }

    private static string Sentence(BillReading.Refused why) => $"{why.Fault} {(why.Line > 0 ? $"(line {why.Line}) " : "")}{why.Detail}".Trim();

    private Task<bool> NoteAsync(ChannelAccount account, DateOnly day, HeldLease? lease, Progress progress, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            if (lease is not null)
            {
                await lease.RequireAsync(db, ct);
            }

            var now = time.GetUtcNow();
            var row = await db.BillDays.SingleOrDefaultAsync(known => known.ChannelAccountId == account.Id && known.Day == day, ct)
                ?? db.BillDays.Add(new BillDay { ChannelAccountId = account.Id, Day = day, StoreId = account.StoreId, ChangedAt = now }).Entity;
            row.Tries += progress.IsTry ? 1 : 0;
            (row.State, row.ChangedAt) = (progress.State, now);
            row.Reason = progress.Reason is { Length: > 500 } text ? text[..500] : progress.Reason;
            row.DueAt = Next(row, day, now);
            return true;
        },
        cancellationToken);

    /// <summary>While it is fetched, the next try is planned already: a crash in between loses nothing.</summary>
    private static DateTimeOffset? Next(BillDay row, DateOnly day, DateTimeOffset now) =>
        row.State is BillDayState.Fetched or BillDayState.NoBill || BeijingTime.Day(now).DayNumber - day.DayNumber > DaysBack ? null
        : row.State == BillDayState.NotReady ? now + NotReadyWait
        : now + TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(row.Tries - 1, 10)));

    private sealed record Progress(BillDayState State, string? Reason, bool IsTry = false);
}
