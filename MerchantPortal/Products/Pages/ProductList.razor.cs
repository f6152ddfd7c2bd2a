using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Products.Pages;

public sealed partial class ProductList
{
    private const int PageSize = 24;

    private ProductPage? _page;
    private string? _search;
    private bool _isFirstUse;
    private bool _isEditing;
    private Product? _editing;
    private Product? _undo;

    [Inject]
    public required ProductQueries Queries { get; init; }

    [Inject]
    public required ArchiveProduct ArchiveProduct { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Query { get; set; }

    [SupplyParameterFromQuery(Name = "archived")]
    public bool IsArchive { get; set; }

    [SupplyParameterFromQuery(Name = "after")]
    public Guid? After { get; set; }

    protected override Task OnParametersSetAsync()
    {
        (_search, _undo) = (Query, null);
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        _page = await Queries.PageAsync(storeId, Query, IsArchive, After, PageSize, CancellationToken.None);
        _isFirstUse = _page.Rows.Count == 0 && !await Queries.AnyAsync(storeId, CancellationToken.None);
    }

    private void Search() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters("/products", new Dictionary<string, object?>
    {
        ["q"] = string.IsNullOrWhiteSpace(_search) ? null : _search.Trim(),
        ["archived"] = IsArchive ? true : null,
    }));

    private string Uri(Guid? after) => Navigation.GetUriWithQueryParameters("/products", new Dictionary<string, object?>
    {
        ["q"] = Query,
        ["archived"] = IsArchive ? true : null,
        ["after"] = after,
    });

    private void Edit(Product? product) => (_isEditing, _editing) = (true, product);

    private void CloseDialog() => _isEditing = false;

    private Task SavedAsync(string name)
    {
        (_isEditing, _undo) = (false, null);
        Overlays.Announce(Text["SavedDone", name]);
        return LoadAsync();
    }

    private Task ArchiveAsync(Product product) => SetArchivedAsync(product, product.ArchivedAt is null);

    /// <summary>Nothing to confirm: it can be taken back right there.</summary>
    private async Task SetArchivedAsync(Product product, bool archived)
    {
        _undo = await ArchiveProduct.ExecuteAsync(product.Id, archived, await CurrentActor.GetAsync(), CancellationToken.None);
        await LoadAsync();
    }
}
