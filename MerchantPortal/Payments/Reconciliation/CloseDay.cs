using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>A person closes a day: only when every bill is here, nothing is open, and orders, ledger and gateway come to the same.</summary>
public sealed class CloseDay(PortalWriter writer, TimeProvider time)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public Task<CloseDayResult> ExecuteAsync(DateOnly day, Actor actor, CancellationToken cancellationToken) =>
        writer.WriteAsync((db, ct) => CloseAsync(db, day, actor, ct), cancellationToken);

    private async Task<CloseDayResult> CloseAsync(PortalDbContext db, DateOnly day, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sheet = await DaySheets.ReadAsync(db, actor.StoreId, day, cancellationToken);
        if (await RefusalAsync(db, sheet, actor.StoreId, now, cancellationToken) is { } refusal)
        {
            return new CloseDayResult.Refused(refusal);
        }

        var text = JsonSerializer.Serialize(sheet, Json);
        var close = new DayClose
        {
            StoreId = actor.StoreId,
            Day = day,
            ClosedAt = now,
            ClosedById = actor.Id,
            ClosedBy = actor.Name,
            SheetJson = text,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
        db.DayCloses.Add(close);
        await db.AuditAsync(actor, new AuditAct(AuditActions.DayClosed, $"{day:yyyy-MM-dd}", After: new() { ["sha256"] = close.Sha256 }), now, cancellationToken);
        return new CloseDayResult.Closed(close);
    }

    internal static async Task<CloseDayRefusal?> RefusalAsync(PortalDbContext db, DaySheet sheet, Guid storeId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.DayCloses.AnyAsync(row => row.StoreId == storeId && row.Day == sheet.Day, cancellationToken) ? CloseDayRefusal.AlreadyClosed
        : sheet.Day >= BeijingTime.Day(now) ? CloseDayRefusal.NotOver
        : sheet.Accounts.Count == 0 ? CloseDayRefusal.NoBills
        : await db.BillDays.AnyAsync(
            row => row.StoreId == storeId && row.Day == sheet.Day && row.State != BillDayState.Fetched && row.State != BillDayState.NoBill, cancellationToken) ? CloseDayRefusal.BillMissing
        : await db.BillDifferences.AnyAsync(
            row => row.StoreId == storeId && row.Day == sheet.Day && row.Status == DifferenceStatus.Open, cancellationToken) ? CloseDayRefusal.OpenDifferences
        : sheet.Orders.Net != sheet.Ledger.Net ? CloseDayRefusal.LedgerDiffers
        : null;
}

public enum CloseDayRefusal
{
    AlreadyClosed,
    NotOver,
    NoBills,
    BillMissing,
    OpenDifferences,

    /// <summary>Orders and ledger disagree: a fault of the portal that no reason of a person can end.</summary>
    LedgerDiffers,
}

public abstract record CloseDayResult
{
    public sealed record Closed(DayClose Close) : CloseDayResult;

    public sealed record Refused(CloseDayRefusal Why) : CloseDayResult;
}
