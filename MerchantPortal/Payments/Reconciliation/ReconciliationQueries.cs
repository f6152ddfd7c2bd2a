using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Reads for the pages of the reconciliation.</summary>
public sealed class ReconciliationQueries(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, TimeProvider time)
{
    /// <summary>Today of the gateways.</summary>
    public DateOnly Today => BeijingTime.Day(time.GetUtcNow());

    /// <summary>Each day of the range on which there is something to say.</summary>
    public async Task<IReadOnlyDictionary<DateOnly, CalendarDay>> CalendarAsync(Guid storeId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var days = await db.BillDays.AsNoTracking().Where(row => row.StoreId == storeId && row.Day >= from && row.Day <= to).ToListAsync(cancellationToken);
        var bills = await db.GatewayBills.AsNoTracking().Where(row => row.StoreId == storeId && row.Day >= from && row.Day <= to && row.IsCurrent)
            .GroupBy(row => row.Day).Select(group => new { Day = group.Key, Net = group.Sum(row => row.Paid - row.Refunded) }).ToListAsync(cancellationToken);
        var open = await db.BillDifferences.AsNoTracking().Where(row => row.StoreId == storeId && row.Day >= from && row.Day <= to && row.Status == DifferenceStatus.Open)
            .GroupBy(row => row.Day).Select(group => new { Day = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var closed = await db.DayCloses.AsNoTracking().Where(row => row.StoreId == storeId && row.Day >= from && row.Day <= to).Select(row => row.Day).ToListAsync(cancellationToken);
        return days.Select(row => row.Day).Union(bills.Select(row => row.Day)).ToDictionary(day => day, day => new CalendarDay(
            day,
            StateOf([.. days.Where(row => row.Day == day).Select(row => row.State)], open.Find(row => row.Day == day)?.Count ?? 0),
            open.Find(row => row.Day == day)?.Count ?? 0,
            bills.Find(row => row.Day == day)?.Net,
            closed.Contains(day)));
    }

    public async Task<DayView> DayAsync(Guid storeId, DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var sheet = await DaySheets.ReadAsync(db, storeId, day, cancellationToken);
        var close = await db.DayCloses.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Day == day, cancellationToken);
        var differences = await db.BillDifferences.AsNoTracking().Where(row => row.StoreId == storeId && row.Day == day).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var accounts = await AccountsAsync(db, storeId, cancellationToken);
        var days = await db.BillDays.AsNoTracking().Where(row => row.StoreId == storeId && row.Day == day).ToListAsync(cancellationToken);
        var bills = await db.GatewayBills.AsNoTracking().Where(row => row.StoreId == storeId && row.Day == day).OrderByDescending(row => row.Id).ToListAsync(cancellationToken);
        return new DayView(sheet, differences, accounts, days, bills, close, await CloseDay.RefusalAsync(db, sheet, storeId, time.GetUtcNow(), cancellationToken));
    }

    /// <returns>Null when the store has no such difference.</returns>
    public async Task<DifferenceView?> DifferenceAsync(Guid storeId, Guid differenceId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        if (await db.BillDifferences.AsNoTracking().SingleOrDefaultAsync(row => row.Id == differenceId && row.StoreId == storeId, cancellationToken) is not { } difference)
        {
            return null;
        }

        var line = await db.BillLines.AsNoTracking().SingleOrDefaultAsync(row => row.Id == difference.LineId, cancellationToken);
        var attempt = line is null ? null : await db.Attempts.AsNoTracking()
            .SingleOrDefaultAsync(row => row.ChannelAccountId == difference.ChannelAccountId && row.OutTradeNo == line.OutTradeNo, cancellationToken);
        var orderId = difference.OrderId ?? attempt?.OrderId;
        return new DifferenceView(
            difference,
            await db.ChannelAccounts.AsNoTracking().SingleAsync(row => row.Id == difference.ChannelAccountId, cancellationToken),
            await db.GatewayBills.AsNoTracking().SingleAsync(row => row.Id == difference.BillId, cancellationToken),
            line,
            await db.Payments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == difference.PaymentId, cancellationToken),
            await db.Refunds.AsNoTracking().SingleOrDefaultAsync(row => row.Id == difference.RefundId, cancellationToken),
            attempt,
            await db.Orders.AsNoTracking().Where(row => row.Id == orderId).Select(row => row.Number).SingleOrDefaultAsync(cancellationToken))
        {
            History = await db.BillDifferences.AsNoTracking()
                .Where(row => row.ChannelAccountId == difference.ChannelAccountId && row.Day == difference.Day && row.SubjectKey == difference.SubjectKey && row.Id != difference.Id)
                .OrderByDescending(row => row.Id).ToListAsync(cancellationToken),
        };
    }

    /// <summary>Accounts whose gateways have bills.</summary>
    public async Task<IReadOnlyList<BillAccount>> AccountsAsync(Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        return await AccountsAsync(db, storeId, cancellationToken);
    }

    /// <returns>Null when the day is not closed.</returns>
    public async Task<(DayClose Close, DaySheet Sheet)?> SheetAsync(Guid storeId, DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var close = await db.DayCloses.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId && row.Day == day, cancellationToken);
        return close is null ? null : (close, JsonSerializer.Deserialize<DaySheet>(close.SheetJson, CloseDay.Json) ?? throw new InvalidOperationException("A day's sheet is not readable."));
    }

    private async Task<List<BillAccount>> AccountsAsync(PortalDbContext db, Guid storeId, CancellationToken cancellationToken)
    {
        var names = channels.Definitions.Where(definition => definition.BillsReadyAt is not null).Select(definition => definition.Channel).ToList();
        var rows = await db.ChannelAccounts.AsNoTracking().Where(row => row.StoreId == storeId && names.Contains(row.Channel)).OrderBy(row => row.Id)
            .Select(row => new { Account = row, Terms = db.BillTerms.FirstOrDefault(terms => terms.ChannelAccountId == row.Id) }).ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new BillAccount(
                row.Account.Id, row.Account.Name, row.Account.Channel, row.Account.Mode == PaymentMode.Test,
                channels.Definition(row.Account.Channel)?.BillsReadyAt ?? default, row.Terms?.FeeRate)),
        ];
    }

    private static CalendarState StateOf(IReadOnlyCollection<BillDayState> states, int open) =>
        open > 0 ? CalendarState.Open
        : states.Any(state => state is not (BillDayState.Fetched or BillDayState.NoBill)) ? CalendarState.Missing
        : states.Any(state => state == BillDayState.Fetched) ? CalendarState.Matched
        : CalendarState.Nothing;
}

/// <param name="Net">分 by the bills, before fees; null where there is none.</param>
public sealed record CalendarDay(DateOnly Day, CalendarState State, int OpenDifferences, long? Net, bool IsClosed);

public enum CalendarState
{
    /// <summary>Nothing was paid or refunded.</summary>
    Nothing,
    Matched,
    Open,

    /// <summary>A bill is not here.</summary>
    Missing,
}

/// <param name="ReadyAt">Time of Beijing on the next day.</param>
/// <param name="FeeRate">Millionths; null where none was entered.</param>
public sealed record BillAccount(Guid Id, string Name, string Channel, bool IsTest, TimeOnly ReadyAt, long? FeeRate);

/// <param name="Close">Null while the day is not closed.</param>
/// <param name="Refusal">Why it cannot be closed; null when it can.</param>
public sealed record DayView(
    DaySheet Sheet, IReadOnlyList<BillDifference> Differences, IReadOnlyList<BillAccount> Accounts, IReadOnlyList<BillDay> Days, IReadOnlyList<GatewayBill> Bills, DayClose? Close,
    CloseDayRefusal? Refusal);

/// <summary>A difference with everything that is known of it. What is not there is null.</summary>
public sealed record DifferenceView(
    BillDifference Difference, ChannelAccount Account, GatewayBill Bill, BillLine? Line, Payment? Payment, Refund? Refund, PaymentAttempt? Attempt, string? OrderNumber)
{
    /// <summary>Earlier differences about the same thing.</summary>
    public IReadOnlyList<BillDifference> History { get; init; } = [];

    /// <summary>What most often ends such a difference.</summary>
    public DifferenceAction Suggested => Difference.Kind switch
    {
        DifferenceKind.Long when Attempt is not null => DifferenceAction.Book,
        DifferenceKind.Status or DifferenceKind.Refund when Line is not null && Attempt is not null => DifferenceAction.Book,
        DifferenceKind.Fee or DifferenceKind.Duplicate => DifferenceAction.Accept,
        _ => DifferenceAction.Explain,
    };

    public bool CanBook => Line is not null && Attempt is not null && Difference.Kind is DifferenceKind.Long or DifferenceKind.Status or DifferenceKind.Refund;
}
