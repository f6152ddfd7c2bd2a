using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Subscriptions.Pages;

public sealed partial class SubscriptionList
{
    private const int PageSize = 25;
    private const int ChargePageSize = 50;

    private SubscriptionPage? _page;
    private ChargePage? _charges;
    private IReadOnlyList<SubscriptionAddress> _addresses = [];

    [Inject]
    public required SubscriptionQueries Queries { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IStringLocalizer<SubscriptionsText> Text { get; init; }

    [SupplyParameterFromQuery(Name = "before")]
    public Guid? Before { get; set; }

    [SupplyParameterFromQuery(Name = "charges_before")]
    public Guid? ChargesBefore { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        _addresses = await Queries.AddressesAsync(storeId, CancellationToken.None);
        _page = await Queries.PageAsync(storeId, Before, PageSize, CancellationToken.None);
        _charges = await Queries.ChargesAsync(storeId, ChargesBefore, ChargePageSize, CancellationToken.None);
    }

    private string Uri(string name, Guid? before) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = before });
}
