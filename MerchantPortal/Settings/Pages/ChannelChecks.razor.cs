using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>The live checks of an account, each turning green or red as it is done.</summary>
public sealed partial class ChannelChecks
{
    private readonly Dictionary<string, ChannelCheck> _done = [];
    private bool _isBusy;

    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required CheckChannelAccount Check { get; init; }

    [Parameter, EditorRequired]
    public required Guid AccountId { get; set; }

    [Parameter, EditorRequired]
    public required PaymentMode Mode { get; set; }

    private IReadOnlyList<string> Steps => Check.Steps(Mode);

    private string? Next => Steps.FirstOrDefault(step => !_done.ContainsKey(step));

    private async Task RunAsync()
    {
        _done.Clear();
        _isBusy = true;
        try
        {
            await foreach (var check in Check.ExecuteAsync(AccountId, await CurrentActor.GetAsync(), CancellationToken.None))
            {
                _done[check.Step] = check;
                StateHasChanged();
            }
        }
        finally
        {
            _isBusy = false;
        }
    }
}
