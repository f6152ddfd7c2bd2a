using MerchantPortal.Orders;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Payments.Refunds.Pages;

public sealed partial class OrderRefunds
{
    private IReadOnlyList<RefundOption> _options = [];
    private bool _isOpen;
    private Guid? _wanted;
    private Guid? _asking;

    [Inject]
    public required RefundQueries Queries { get; init; }

    [Inject]
    public required SettleRefund Settle { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<RefundsText> Text { get; init; }

    [Parameter, EditorRequired]
    public required OrderDetails Details { get; set; }

    /// <summary>Something may have changed: read the order anew.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    /// <summary>A payment that the address asks to give back: the panel opens with it, once.</summary>
    [SupplyParameterFromQuery(Name = "refund")]
    public string? Wanted { get; set; }

    /// <summary>Why nothing can be given back; null when something can.</summary>
    private string? Refusal =>
        _options.Any(option => option is { Remaining: > 0, Obstacle: null }) ? null
        : _options.FirstOrDefault(option => option.Remaining > 0)?.Obstacle is { } obstacle ? Text[$"Obstacle_{obstacle}"].Value
        : Text["NothingLeft"].Value;

    protected override async Task OnParametersSetAsync()
    {
        _options = Details.Payments.Count == 0 ? [] : await Queries.OptionsAsync(Details.Order.StoreId, Details.Order.Id, CancellationToken.None);
        if (Guid.TryParse(Wanted, out var payment) && payment != _wanted && _options.Any(option => option.Payment.Id == payment && option is { Remaining: > 0, Obstacle: null }))
        {
            (_wanted, _isOpen) = (payment, true);
        }
    }

    private void Open() => _isOpen = true;

    private void Close() => _isOpen = false;

    private async Task AskAsync(Guid refundId)
    {
        if (_asking is not null)
        {
            return;
        }

        _asking = refundId;
        try
        {
            await Settle.ExecuteAsync(refundId, await CurrentActor.GetAsync(), new SettleWish(Early: true), CancellationToken.None);
            await OnDone.InvokeAsync();
        }
        finally
        {
            _asking = null;
        }
    }
}
