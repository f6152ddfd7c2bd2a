using System.Globalization;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Reconciliation.Pages;

/// <summary>The days of a month, each with what its bills say. Its state stands in the address.</summary>
public sealed partial class CalendarPage
{
    private DateOnly _month;
    private IReadOnlyDictionary<DateOnly, CalendarDay>? _days;
    private IReadOnlyList<BillAccount> _accounts = [];

    /// <summary><c>yyyy-MM</c>; this month when it is missing.</summary>
    [SupplyParameterFromQuery(Name = "month")]
    public string? MonthText { get; set; }

    [Inject]
    public required ReconciliationQueries Queries { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    /// <summary>Monday first, whole weeks.</summary>
    private IEnumerable<DateOnly[]> Weeks
    {
        get
        {
            var monday = _month.AddDays(-(((int)_month.DayOfWeek + 6) % 7));
            return Enumerable.Range(0, 42).Select(monday.AddDays).Chunk(7).Where(week => Array.Exists(week, day => day.Month == _month.Month));
        }
    }

    internal static string Key(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _month = DateOnly.TryParseExact($"{MonthText}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month
            : new DateOnly(Queries.Today.Year, Queries.Today.Month, 1);
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        _accounts = await Queries.AccountsAsync(storeId, CancellationToken.None);
        _days = await Queries.CalendarAsync(storeId, _month, _month.AddMonths(1).AddDays(-1), CancellationToken.None);
    }

    private static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
