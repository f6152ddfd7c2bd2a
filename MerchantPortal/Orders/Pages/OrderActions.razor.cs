using MerchantPortal.Payments;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderActions
{
    private string? _running;
    private (string Tone, string Sentence)? _result;

    [Inject]
    public required QueryAttempt QueryAttempt { get; init; }

    [Inject]
    public required CloseOrder CloseOrder { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Parameter, EditorRequired]
    public required OrderDetails Details { get; set; }

    /// <summary>Where the buyer pays.</summary>
    [Parameter, EditorRequired]
    public required Uri CheckoutUrl { get; set; }

    /// <summary>Something may have changed: read the order anew.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    private Order Order => Details.Order;

    private PaymentAttempt? NewestAttempt => Details.Attempts is [var newest, ..] ? newest.Attempt : null;

    /// <summary>Key of the reason; null when it can be done.</summary>
    private string? QueryRefusal => NewestAttempt is null ? "QueryNoAttempt" : null;

    private string? CloseRefusal => Order.Status == OrderStatus.Pending ? null : "CloseNotPending";

    private string? Reason(string? key) => key is null ? null : Text[key].Value;

    private Question Closing => new(Text["CloseOrder"], Text["CloseConsequence", Money.Display(Order.Amount)], Text["CloseConfirm"], Text["KeepOpen"]);

    private Task QueryAsync() => RunAsync("query", async actor => NewestAttempt is { } attempt
        ? QueryWords.Of(await QueryAttempt.ExecuteAsync(attempt.Id, actor, CancellationToken.None), Text)
        : null);

    private Task CloseAsync() => RunAsync("close", async actor => await CloseOrder.ExecuteAsync(Order.Id, actor, CancellationToken.None) switch
    {
        CloseOrderResult.Closed => Done(Text["ClosedDone"]),
        CloseOrderResult.CannotTell unclear => ("warn", Text["CloseCannotTell", unclear.Reason].Value),
        _ => ("info", Text["CloseWasNotPending"].Value),
    });

    /// <summary>Chip and timeline show it from now on: announcing it is enough.</summary>
    private (string, string)? Done(string sentence)
    {
        Overlays.Announce(sentence);
        return null;
    }

    /// <summary>One at a time: a second click while the gateway is asked does nothing.</summary>
    private async Task RunAsync(string action, Func<Accounts.Actor, Task<(string, string)?>> work)
    {
        if (_running is not null)
        {
            return;
        }

        (_running, _result) = (action, null);
        try
        {
            _result = await work(await CurrentActor.GetAsync());
            await OnDone.InvokeAsync();
        }
        finally
        {
            _running = null;
        }
    }
}
