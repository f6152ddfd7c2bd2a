using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

public sealed partial class ChannelList
{
    private IReadOnlyList<ChannelAccountView>? _accounts;

    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required ChannelAccountQueries Queries { get; init; }

    protected override async Task OnInitializedAsync() =>
        _accounts = await Queries.ListAsync((await CurrentActor.GetAsync()).StoreId, CancellationToken.None);
}
