using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Payments.Refunds.Pages;

/// <summary>All refunds of the store. Its state stands in the address.</summary>
public sealed partial class RefundList
{
    private const int PageSize = 50;

    private RefundListState _state = new(RefundTab.All, null);
    private RefundPage? _page;
    private IReadOnlyList<RefundsByReason> _byReason = [];
    private bool _hasAny;

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    [SupplyParameterFromQuery]
    public string? Older { get; set; }

    [SupplyParameterFromQuery]
    public string? Newer { get; set; }

    [Inject]
    public required RefundQueries Queries { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<RefundsText> Text { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        _state = RefundListState.Read(Tab, Reason, Older, Newer);
        _page = await Queries.PageAsync(storeId, _state.Filter, PageSize, CancellationToken.None);
        _byReason = await Queries.ByReasonAsync(storeId, _state.Filter, CancellationToken.None);
        _hasAny = _page.Rows.Count > 0 || await Queries.AnyAsync(storeId, CancellationToken.None);
    }
}
