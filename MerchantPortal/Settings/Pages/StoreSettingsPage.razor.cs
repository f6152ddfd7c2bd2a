using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

public sealed partial class StoreSettingsPage
{
    private bool _isLoaded;
    private string _name = "";
    private string _timeZone = "";
    private int _dayStartsAt;
    private string _language = "";
    private string? _support;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();

    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required StoreQueries Stores { get; init; }

    [Inject]
    public required SaveStoreSettings Save { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    /// <summary>IANA zones by offset, then by name.</summary>
    private static IReadOnlyList<Choice<string>> Zones { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId && (zone.Id.Contains('/', StringComparison.Ordinal) || zone.Id == "UTC"))
            .Where(zone => !zone.Id.StartsWith("Etc/", StringComparison.Ordinal))
            .OrderBy(zone => zone.BaseUtcOffset).ThenBy(zone => zone.Id, StringComparer.Ordinal)
            .Select(zone => new Choice<string>(zone.Id, $"(UTC{(zone.BaseUtcOffset < TimeSpan.Zero ? "-" : "+")}{zone.BaseUtcOffset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}) {zone.Id}")),
    ];

    protected override async Task OnInitializedAsync()
    {
        var store = await Stores.GetAsync((await CurrentActor.GetAsync()).StoreId, CancellationToken.None);
        (_name, _timeZone, _dayStartsAt, _language, _support) = (store.Name, store.TimeZone, store.DayStartsAtHour, store.Language, store.SupportContact);
        _isLoaded = true;
    }

    private async Task SaveAsync()
    {
        _errors = await Save.ExecuteAsync(new StoreSettings(_name, _timeZone, _dayStartsAt, _language, _support), await CurrentActor.GetAsync(), CancellationToken.None);
        if (_errors.Count == 0)
        {
            Overlays.Announce(Text["StoreSaved"]);
        }
    }

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;
}
