using System.Globalization;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Reconciliation.Pages;

/// <summary>One day: what orders, ledger and gateway come to, where they differ, and which bills say so.</summary>
public sealed partial class DayPage
{
    private DateOnly _day;
    private bool _isDay;
    private DayView? _view;
    private Guid? _fetching;
    private bool _isClosing;
    private CloseDayRefusal? _refusal;

    /// <summary><c>yyyy-MM-dd</c>, of Beijing.</summary>
    [Parameter, EditorRequired]
    public required string Date { get; set; }

    [Inject]
    public required ReconciliationQueries Queries { get; init; }

    [Inject]
    public required FetchBill Fetch { get; init; }

    [Inject]
    public required CloseDay Close { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        _isDay = DateOnly.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _day) && _day <= Queries.Today;
        _refusal = null;
        if (_isDay)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync() => _view = await Queries.DayAsync((await CurrentActor.GetAsync()).StoreId, _day, CancellationToken.None);

    private static List<GatewayBill> BillsOf(DayView view, BillAccount account) => [.. view.Bills.Where(bill => bill.ChannelAccountId == account.Id)];

    private async Task FetchAsync(Guid accountId)
    {
        _fetching = accountId;
        try
        {
            await Fetch.ExecuteAsync(accountId, _day, await CurrentActor.GetAsync(), lease: null, CancellationToken.None);
        }
        finally
        {
            _fetching = null;
        }

        await LoadAsync();
    }

    private async Task CloseAsync()
    {
        _isClosing = true;
        try
        {
            _refusal = await Close.ExecuteAsync(_day, await CurrentActor.GetAsync(), CancellationToken.None) is CloseDayResult.Refused refused ? refused.Why : null;
        }
        finally
        {
            _isClosing = false;
        }

        await LoadAsync();
    }
}
