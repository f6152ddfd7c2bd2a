using MerchantPortal.Payments;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderAttempts
{
    private Guid? _asking;
    private Guid? _answered;
    private (string Tone, string Sentence)? _answer;

    [Inject]
    public required QueryAttempt QueryAttempt { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Parameter, EditorRequired]
    public required OrderDetails Details { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    private async Task QueryAsync(Guid attemptId)
    {
        if (_asking is not null)
        {
            return;
        }

        (_asking, _answer) = (attemptId, null);
        try
        {
            var outcome = await QueryAttempt.ExecuteAsync(attemptId, await CurrentActor.GetAsync(), CancellationToken.None);
            (_answered, _answer) = (attemptId, QueryWords.Of(outcome, Text));
            await OnDone.InvokeAsync();
        }
        finally
        {
            _asking = null;
        }
    }

    private static StatusTone Tone(AttemptStatus status) => status switch
    {
        AttemptStatus.Created or AttemptStatus.Prompted => StatusTone.Info,
        AttemptStatus.Paid => StatusTone.Ok,
        AttemptStatus.Closed => StatusTone.Wait,
        AttemptStatus.Failed => StatusTone.Bad,
    };
}
