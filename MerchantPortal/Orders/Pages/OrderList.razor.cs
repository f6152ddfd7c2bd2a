using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

/// <summary>What stands still: title, tabs, filters. The lines below live on their own, in <see cref="OrderTable"/>.</summary>
public sealed partial class OrderList
{
    private OrderListAddress? _loaded;
    private IReadOnlyList<string> _channels = [];
    private bool _isNewOrderOpen;

    [Inject]
    public required OrderListSources Sources { get; init; }

    [Inject]
    public required OrderQueries Queries { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Channel { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromQuery]
    public string? Older { get; set; }

    [SupplyParameterFromQuery]
    public string? Newer { get; set; }

    private OrderListAddress Address => OrderListAddress.Parse(new(Tab, Channel, Search, From, To, Older, Newer));

    protected override async Task OnParametersSetAsync()
    {
        var address = Address;
        if (address != _loaded)
        {
            _loaded = address;
            _channels = await Queries.ChannelsAsync(await Sources.StoreIdAsync(), CancellationToken.None);
        }
    }

    private string AddressOf(OrderTab tab) => (Address with { Tab = tab, Cursor = OrderCursor.Newest }).ToUri(Navigation);

    private void OpenNewOrder() => _isNewOrderOpen = true;

    private void CloseNewOrder() => _isNewOrderOpen = false;
}
