using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Overview.Pages;

public sealed partial class OverviewPage : IDisposable
{
    /// <summary>A busy till changes many times a second; the figures need not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private ShopToday? _today;
    private StoreTime? _calendar;
    private Actor? _actor;

    [Inject]
    public required IStringLocalizer<OverviewText> Text { get; init; }

    [Inject]
    public required OverviewQueries Queries { get; init; }

    [Inject]
    public required OrderFeed Feed { get; init; }

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

    /// <summary>The feed only says "look": the figures are read anew.</summary>
    private async Task FollowAsync()
    {
        try
        {
            var actor = _actor ?? await CurrentActor.GetAsync();
            var last = await Feed.LastNumberAsync(actor.StoreId, _gone.Token);
            while (true)
            {
                await Feed.WaitAsync(actor.StoreId, last, _gone.Token);
                last = await Feed.LastNumberAsync(actor.StoreId, _gone.Token);
                await InvokeAsync(async () =>
                {
                    await ReadAsync();
                    StateHasChanged();
                });
                await Task.Delay(Pause, _gone.Token);
            }
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

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
