using MerchantPortal.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Shell;

public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private string _storeName = "";
    private string _personName = "";

    [Inject]
    public required IStringLocalizer<ShellText> Text { get; init; }

    [Inject]
    public required PortalSurroundings Portal { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required StoreQueries Stores { get; init; }

    protected override async Task OnInitializedAsync()
    {
        var actor = await CurrentActor.FindAsync();
        if (actor is not null)
        {
            _personName = actor.Name;
            _storeName = (await Stores.GetAsync(actor.StoreId, CancellationToken.None)).Name;
        }
    }

    /// <summary>A broken page must not follow the person to the next one.</summary>
    protected override void OnParametersSet() => _boundary?.Recover();

    private void Recover() => _boundary?.Recover();
}
