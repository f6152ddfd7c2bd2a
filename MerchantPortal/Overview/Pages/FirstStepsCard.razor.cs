using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Overview.Pages;

public sealed partial class FirstStepsCard
{
    private bool _busy;
    private TryItNowResult? _result;

    [Parameter, EditorRequired]
    public required FirstSteps Steps { get; set; }

    [Inject]
    public required IStringLocalizer<OverviewText> Text { get; init; }

    [Inject]
    public required IEnumerable<ITryItNow> Offers { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    /// <summary>Null where there is no sandbox.</summary>
    private ITryItNow? Offer => Offers.FirstOrDefault();

    private int Total => Offer is not null || Steps.TookPayment ? 3 : 2;

    private int Done => (Steps.TookPayment ? 1 : 0) + (Steps.HasWeChat ? 1 : 0) + (Steps.HasAlipay ? 1 : 0);

    private async Task TryAsync()
    {
        if (_busy || Offer is null)
        {
            return;
        }

        _busy = true;
        try
        {
            _result = await Offer.ExecuteAsync(await CurrentActor.GetAsync(), CancellationToken.None);
        }
        finally
        {
            _busy = false;
        }
    }
}
