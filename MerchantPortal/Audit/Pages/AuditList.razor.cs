using System.Globalization;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Audit.Pages;

public sealed partial class AuditList
{
    private const int PageSize = 50;

    private AuditPage? _page;
    private IReadOnlyList<string> _people = [];
    private Guid _storeId;

    [Inject]
    public required AuditQueries Queries { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required StoreClock Clock { get; init; }

    [Inject]
    public required IStringLocalizer<AuditText> Text { get; init; }

    [SupplyParameterFromQuery(Name = "who")]
    public string? Who { get; set; }

    [SupplyParameterFromQuery(Name = "act")]
    public string? Act { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    [SupplyParameterFromQuery(Name = "before")]
    public long? Before { get; set; }

    private AuditAddress Address => new(Who, Act, Search, From, To);

    protected override async Task OnParametersSetAsync()
    {
        _storeId = (await CurrentActor.GetAsync()).StoreId;
        var filter = Address.ToFilter(await Clock.GetAsync());
        _people = await Queries.PeopleAsync(_storeId, CancellationToken.None);
        _page = await Queries.PageAsync(_storeId, filter, Before, PageSize, CancellationToken.None);
    }

    private string Uri(long? before) => before is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"/audit{Address.Query}{(Address.Query.Length == 0 ? '?' : '&')}before={number}")
        : $"/audit{Address.Query}";
}
