using MerchantPortal.Payments;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderActions
{
    private bool _isBusy;
    private bool _isClosing;
    private (string Tone, string Sentence)? _result;

    [Inject]
    public required QueryAttempt QueryAttempt { get; init; }

    [Inject]
    public required CloseOrder CloseOrder { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required PortalUrls Urls { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Parameter, EditorRequired]
    public required OrderDetails Details { get; set; }

    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    /// <summary>Something may have changed: read the order anew.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    private Order Order => Details.Order;

    private string CheckoutUrl => Urls.Checkout(Order.CheckoutToken).ToString();

    private PaymentAttempt? NewestAttempt => Details.Attempts is [var newest, ..] ? newest.Attempt : null;

    /// <summary>Key of the reason; null when it can be done.</summary>
    private string? QueryRefusal => NewestAttempt is null ? "QueryNoAttempt" : null;

    private string? CloseRefusal => Order.Status == OrderStatus.Pending ? null : "CloseNotPending";

    private string? Reason(string? key) => key is null ? null : Text[key].Value;

    private void AskToClose() => (_isClosing, _result) = (true, null);

    private Task QueryAsync() => RunAsync(async actor => NewestAttempt is { } attempt
        ? QueryWords.Of(await QueryAttempt.ExecuteAsync(attempt.Id, actor, CancellationToken.None), Text)
        : null);

    private Task CloseAsync() => RunAsync(async actor => await CloseOrder.ExecuteAsync(Order.Id, actor, CancellationToken.None) switch
    {
        CloseOrderResult.Closed => ("ok", Text["ClosedDone"].Value),
        CloseOrderResult.CannotTell unclear => ("warn", Text["CloseCannotTell", unclear.Reason].Value),
        _ => ("info", Text["CloseWasNotPending"].Value),
    });

    /// <summary>One at a time: a second click while the gateway is asked does nothing.</summary>
    private async Task RunAsync(Func<Accounts.Actor, Task<(string, string)?>> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _result) = (true, null);
        try
        {
            _result = await work(await CurrentActor.GetAsync());
            _isClosing = false;
            await OnDone.InvokeAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }
}
