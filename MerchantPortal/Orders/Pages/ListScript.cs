using Microsoft.JSInterop;

namespace MerchantPortal.Orders.Pages;

/// <summary>The list's part in the browser, <c>js/list.js</c>: scroll position, row clicks and keys.</summary>
public sealed class ListScript(IJSRuntime script, Func<bool, Task> setAtTop) : IAsyncDisposable
{
    private DotNetObjectReference<ListScript>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _list;

    public async Task AttachAsync()
    {
        _self = DotNetObjectReference.Create(this);
        _module = await script.InvokeAsync<IJSObjectReference>("import", "./js/list.js");
        _list = await _module.InvokeAsync<IJSObjectReference>("attach", _self);
    }

    [JSInvokable]
    public Task SetAtTopAsync(bool isAtTop) => setAtTop(isAtTop);

    public ValueTask ToTopAsync() => _list?.InvokeVoidAsync("toTop") ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_list is not null && _module is not null)
            {
                await _list.InvokeVoidAsync("detach");
                await _list.DisposeAsync();
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its listeners with it.
        }

        _self?.Dispose();
    }
}
