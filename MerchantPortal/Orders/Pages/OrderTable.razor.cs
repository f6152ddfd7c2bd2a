using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderTable : IAsyncDisposable
{
    private OrderListViewModel? _view;
    private OrderListAddress? _loaded;
    private OrderRowScene? _scene;
    private IDisposable? _clock;
    private bool _isFirstUse;
    private string? _announcement;

    [Parameter, EditorRequired]
    public required OrderListAddress Address { get; set; }

    [Parameter]
    public EventCallback OnNewOrder { get; set; }

    [Inject]
    public required OrderListSources Sources { get; init; }

    [Inject]
    public required OrderQueries Queries { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Inject]
    public required IStringLocalizer<ShellText> ShellText { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

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
        _scene = new OrderRowScene(Sources.Now, await Sources.CalendarAsync(), Text, ShellText);
        var storeId = await Sources.StoreIdAsync();
        await View.LoadAsync(storeId, address.ToFilter(_scene.Calendar), address.Cursor);
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

    private void ShowChange()
    {
        _isFirstUse &= View.Rows.Shown.Count == 0 && View.Rows.Waiting == 0;
        _announcement = View.Rows.Waiting > 0 ? Text["NewRows", View.Rows.Waiting].Value : null;
        StateHasChanged();
    }

    private void GrowOlder()
    {
        _scene = _scene is null ? null : _scene with { Now = Sources.Now };
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
