using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Cases.Pages;

/// <summary>All that needs a person. Its state stands in the address.</summary>
public sealed partial class CaseList
{
    private const int PageSize = 50;

    private CaseListAddress _address = new();
    private CasePage? _page;
    private CaseRow? _shown;

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Kind { get; set; }

    [SupplyParameterFromQuery]
    public string? Owner { get; set; }

    [SupplyParameterFromQuery]
    public string? Before { get; set; }

    /// <summary>The case that is shown beside the list.</summary>
    [SupplyParameterFromQuery(Name = "case")]
    public string? Shown { get; set; }

    [Inject]
    public required CaseQueries Queries { get; init; }

    [Inject]
    public required CaseWords Words { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override Task OnParametersSetAsync() => ReloadAsync();

    private async Task ReloadAsync()
    {
        var actor = await CurrentActor.GetAsync();
        _address = CaseListAddress.Read(Tab, Kind, Owner, Before, Shown);
        _page = await Queries.PageAsync(actor.StoreId, FilterFor(actor), _address.Before, PageSize, CancellationToken.None);
        _shown = _address.Case is { } id ? await Queries.FindAsync(actor.StoreId, id, CancellationToken.None) : null;
    }

    private CaseFilter FilterFor(Actor actor) => _address.Filter with { OwnerId = _address.Owner == CaseListAddress.Mine ? actor.Id : null };

    private string KindWord(CaseKind kind) => Words.Kind(kind);

    private void ClosePanel() => Navigation.NavigateTo((_address with { Case = null }).ToString());
}
