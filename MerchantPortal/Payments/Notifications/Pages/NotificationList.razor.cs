using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>The callbacks' inbox. Its state stands in the address.</summary>
public sealed partial class NotificationList
{
    private const int PageSize = 50;

    private NotificationListState _state = NotificationListState.Empty;
    private NotificationPage? _page;
    private NotificationHealth? _health;
    private IReadOnlyList<NotificationAccount> _accounts = [];
    private BulkReplayJob? _bulk;

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery]
    public string? Status { get; set; }

    [SupplyParameterFromQuery]
    public string? Channel { get; set; }

    [SupplyParameterFromQuery]
    public string? Account { get; set; }

    [SupplyParameterFromQuery]
    public string? Reason { get; set; }

    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? Before { get; set; }

    /// <summary>A bulk replay that is being watched.</summary>
    [SupplyParameterFromQuery]
    public string? Bulk { get; set; }

    [Inject]
    public required NotificationQueries Queries { get; init; }

    [Inject]
    public required BulkReplay Bulks { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        var now = Time.GetUtcNow();
        _state = NotificationListState.Read(
            new Dictionary<string, string?>
            {
                ["tab"] = Tab,
                ["status"] = Status,
                ["channel"] = Channel,
                ["account"] = Account,
                ["reason"] = Reason,
                ["range"] = Range,
                ["q"] = Q,
                ["before"] = Before,
            },
            now);
        _bulk = Guid.TryParse(Bulk, out var bulkId) ? Bulks.Find(bulkId, storeId) : null;
        _accounts = await Queries.AccountsAsync(storeId, CancellationToken.None);
        _page = await Queries.ListAsync(storeId, _state.Filter, _state.Before, PageSize, CancellationToken.None);
        _health = await Queries.HealthAsync(storeId, _state.Filter.From ?? DateTimeOffset.UnixEpoch, now.AddMinutes(1), CancellationToken.None);
    }

    private async Task PreviewBulk()
    {
        var job = Bulks.Preview(_state.Filter, await CurrentActor.GetAsync());
        Navigation.NavigateTo(_state.With("bulk", job.Id.ToString("N")));
    }
}
