using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderList : IAsyncDisposable
{
    private OrderListViewModel? _view;
    private OrderListAddress? _loaded;
    private IReadOnlyList<string> _channels = [];
    private StoreTime? _calendar;
    private DateTimeOffset _now;
    private IDisposable? _clock;
    private bool _isFirstUse;
    private bool _isNewOrderOpen;
    private string? _announcement;

    [Inject]
    public required OrderListSources Sources { get; init; }

    [Inject]
    public required OrderQueries Queries { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Channel { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromQuery]
    public string? Older { get; set; }

    [SupplyParameterFromQuery]
    public string? Newer { get; set; }

    private OrderListAddress Address => OrderListAddress.Parse(new(Tab, Channel, Search, From, To, Older, Newer));

    private OrderListViewModel View => _view ??= Sources.NewView();

    private ListScript List => field ??= new ListScript(Script, SetAtTopAsync);

    protected override async Task OnParametersSetAsync()
    {
        var address = Address;
        if (address == _loaded)
        {
            return;
        }

        _loaded = address;
        _now = Sources.Now;
        _calendar ??= await Sources.CalendarAsync();
        var storeId = await Sources.StoreIdAsync();
        _channels = await Queries.ChannelsAsync(storeId, CancellationToken.None);
        await View.LoadAsync(storeId, address.ToFilter(_calendar), address.Cursor);
        _isFirstUse = View.Rows.Shown.Count == 0 && !await Queries.AnyAsync(storeId, CancellationToken.None);
        if (RendererInfo.IsInteractive)
        {
            View.Follow(() => InvokeAsync(ShowChange));
            Watch(View.Following);
        }
        else
        {
            await View.ReadQuickTotalsAsync(CancellationToken.None);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _clock = Sources.EveryMinute(() => InvokeAsync(GrowOlder));
            await List.AttachAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _clock?.Dispose();
        if (_view is not null)
        {
            await _view.DisposeAsync();
        }

        await List.DisposeAsync();
    }

    private string AddressOf(OrderTab tab) => (Address with { Tab = tab, Cursor = OrderCursor.Newest }).ToUri(Navigation);

    private void OpenNewOrder() => _isNewOrderOpen = true;

    private void CloseNewOrder() => _isNewOrderOpen = false;

    private void ShowChange()
    {
        _isFirstUse &= View.Rows.Shown.Count == 0 && View.Rows.Waiting == 0;
        _announcement = View.Rows.Waiting > 0 ? Text["NewRows", View.Rows.Waiting].Value : null;
        StateHasChanged();
    }

    private void GrowOlder()
    {
        _now = Sources.Now;
        StateHasChanged();
    }

    internal Task SetAtTopAsync(bool isAtTop) => InvokeAsync(() =>
    {
        View.IsAtTop = isAtTop;
    });

    private async Task ShowWaitingAsync()
    {
        View.Rows.ShowWaiting();
        await List.ToTopAsync();
    }

    /// <summary>A list that has silently stopped to follow would be worse than one that says so.</summary>
    private void Watch(Task following) => following.ContinueWith(
        broken => DispatchExceptionAsync(broken.Exception?.GetBaseException() ?? new InvalidOperationException("Following ended.")),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
