using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Overview.Pages;

public sealed partial class OverviewPage : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private ShopToday? _today;
    private StoreTime? _calendar;
    private Actor? _actor;
    private long _shown;

    [Inject]
    public required IStringLocalizer<OverviewText> Text { get; init; }

    [Inject]
    public required OverviewQueries Queries { get; init; }

    [Inject]
    public required OverviewNews News { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required StoreClock Clock { get; init; }

    private string? Subtitle => _today is null || _calendar is null
        ? null
        : Text["SubtitleDay", _today.Days[^1].Day.ToString(Text["DayFormat"].Value, CultureInfo.CurrentCulture), _calendar.Zone.Id].Value;

    protected override async Task OnInitializedAsync()
    {
        _actor = await CurrentActor.GetAsync();
        _calendar = await Clock.GetAsync();
        _shown = await News.LastNumberAsync(_actor.StoreId, _gone.Token);
        await ReadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    private async Task ReadAsync()
    {
        if (_actor is not null && _calendar is not null)
        {
            _today = await Queries.GetAsync(_actor.StoreId, _calendar, _gone.Token);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            var actor = _actor ?? await CurrentActor.GetAsync();
            await News.FollowAsync(actor.StoreId, _shown, () => InvokeAsync(LookAgainAsync), _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The person has left the page.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task LookAgainAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
