using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MerchantPortal.Shell;

/// <summary>The part of <c>js/panel.js</c> that floating things share.</summary>
internal static class PanelScript
{
    /// <summary>Puts the focus inside, and back to where it was once the element has gone from the page.</summary>
    public static async Task FocusAsync(IJSRuntime script, ElementReference element)
    {
        await using var module = await script.InvokeAsync<IJSObjectReference>("import", "./js/panel.js");
        await module.InvokeVoidAsync("focusInside", element);
    }
}
