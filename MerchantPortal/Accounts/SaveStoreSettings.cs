using System.Globalization;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>Changes what a store is called and how it counts its days.</summary>
public sealed class SaveStoreSettings(PortalWriter writer, TimeProvider time)
{
    private static readonly string[] Languages = ["zh-CN", "en"];

    /// <returns>Field → stable code of what is wrong; empty when it was saved.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ExecuteAsync(StoreSettings settings, Actor actor, CancellationToken cancellationToken)
    {
        var errors = Errors(settings).ToDictionary(error => error.Field, error => error.Code);
        if (errors.Count == 0)
        {
            await writer.WriteAsync((db, ct) => SaveAsync(db, settings, actor, ct), cancellationToken);
        }

        return errors;
    }

    private async Task<bool> SaveAsync(PortalDbContext db, StoreSettings settings, Actor actor, CancellationToken cancellationToken)
    {
        var store = await db.Stores.SingleAsync(row => row.Id == actor.StoreId, cancellationToken);
        var before = Facts(store);
        store.Name = settings.Name.Trim();
        store.TimeZone = settings.TimeZone;
        store.DayStartsAtHour = settings.DayStartsAtHour;
        store.Language = settings.Language;
        store.SupportContact = string.IsNullOrWhiteSpace(settings.SupportContact) ? null : settings.SupportContact.Trim();
        await db.AuditAsync(actor, AuditAct.Change(AuditActions.StoreChanged, store.Name, before, Facts(store)), time.GetUtcNow(), cancellationToken);
        return true;
    }

    private static Dictionary<string, string> Facts(Store store) => new()
    {
        ["name"] = store.Name,
        ["time_zone"] = store.TimeZone,
        ["day_starts_at"] = store.DayStartsAtHour.ToString(CultureInfo.InvariantCulture),
        ["language"] = store.Language,
        ["support_contact"] = store.SupportContact ?? "",
    };

    private static IEnumerable<(string Field, string Code)> Errors(StoreSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Name) || settings.Name.Trim().Length > 200 || settings.Name.Any(char.IsControl))
        {
            yield return (nameof(settings.Name), "name_invalid");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out _) || settings.TimeZone.Length > 64)
        {
            yield return (nameof(settings.TimeZone), "time_zone_unknown");
        }

        if (settings.DayStartsAtHour is < 0 or > 23)
        {
            yield return (nameof(settings.DayStartsAtHour), "day_start_invalid");
        }

        if (!Languages.Contains(settings.Language))
        {
            yield return (nameof(settings.Language), "language_unknown");
        }

        if (settings.SupportContact is { } contact && (contact.Length > 200 || contact.Any(char.IsControl)))
        {
            yield return (nameof(settings.SupportContact), "support_contact_invalid");
        }
    }
}

/// <inheritdoc cref="Store"/>
public sealed record StoreSettings(string Name, string TimeZone, int DayStartsAtHour, string Language, string? SupportContact);
