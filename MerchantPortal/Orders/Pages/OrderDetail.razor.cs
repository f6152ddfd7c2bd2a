using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderDetail : IAsyncDisposable
{
    private OrderDetails? _details;
    private bool _isLoaded;
    private string? _loadedNumber;
    private CancellationTokenSource _current = new();

    [Inject]
    public required OrderDetailView View { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Parameter]
    public required string Number { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedNumber == Number)
        {
            return;
        }

        await _current.CancelAsync();
        _current.Dispose();
        _current = new CancellationTokenSource();
        _loadedNumber = Number;
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        var feedNumber = await View.LastNumberAsync(storeId, _current.Token);
        await ReloadAsync();
        if (RendererInfo.IsInteractive && _details is { } details)
        {
            Watch(View.FollowAsync(storeId, details.Order.Id, feedNumber, () => InvokeAsync(ReloadAndShowAsync), _current.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _current.CancelAsync();
        _current.Dispose();
    }

    private async Task ReloadAsync()
    {
        _details = await View.FindAsync((await CurrentActor.GetAsync()).StoreId, Number, CancellationToken.None);
        _isLoaded = true;
    }

    private async Task ReloadAndShowAsync()
    {
        await ReloadAsync();
        StateHasChanged();
    }

    private void Watch(Task following) => following.ContinueWith(
        broken => DispatchExceptionAsync(broken.Exception?.GetBaseException() ?? new InvalidOperationException("Following ended.")),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
