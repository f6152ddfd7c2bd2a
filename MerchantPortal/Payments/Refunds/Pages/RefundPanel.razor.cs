using MerchantPortal.Orders;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Payments.Refunds.Pages;

public sealed partial class RefundPanel
{
    private RefundForm _form = new("");
    private Guid? _refundId;
    private Refund? _answered;
    private string? _fault;
    private bool _isBusy;

    [Inject]
    public required RefundPayment RefundPayment { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required IStringLocalizer<RefundsText> Text { get; init; }

    [Parameter, EditorRequired]
    public required Order Order { get; set; }

    /// <summary>The payment to begin with; null: money that is not ours, else what the order was paid with.</summary>
    [Parameter]
    public Guid? PaymentId { get; set; }

    /// <summary>At least one of them can be given back.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RefundOption> Options { get; set; }

    /// <summary>The order's refunds as they stand now: the sent one is followed in them.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<Refund> Refunds { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnClose { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    private RefundOption Chosen => Options.FirstOrDefault(option => option.Payment.Id == _form.PaymentId) ?? Options[0];

    private Refund? Sent => _refundId is { } id ? Refunds.FirstOrDefault(refund => refund.Id == id) ?? _answered : null;

    private string Consequence => _form.Amount is > 0 and var amount
        ? Text[Chosen.Payment.IsSurplus ? "ConsequenceSurplus" : "Consequence", Money.Display(amount), Chosen.AccountName, Money.Display(Math.Max(0, Chosen.Remaining - amount))]
        : Text["ConsequenceEmpty"];

    protected override void OnInitialized()
    {
        // Money that is not ours goes back first.
        var first = Options.Where(option => option is { Remaining: > 0, Obstacle: null })
            .OrderByDescending(option => option.Payment.Id == PaymentId).ThenByDescending(option => option.Payment.IsSurplus).FirstOrDefault() ?? Options[0];
        _form = new RefundForm(RefundNumber.New(Time.GetUtcNow())) { PaymentId = first.Payment.Id, Reason = first.Payment.IsSurplus ? RefundReason.DuplicatePayment : default };
    }

    private void Choose(ChangeEventArgs change) => _form.PaymentId = Guid.TryParse(change.Value?.ToString(), out var id) ? id : _form.PaymentId;

    private void Take(long fen) => _form.AmountText = Money.ToYuan(fen);

    private async Task SendAsync()
    {
        _fault = _form.Fault(Chosen.Remaining);
        if (_fault is not null || _isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            var result = await RefundPayment.ExecuteAsync(_form.ToWish(Order.Id), await CurrentActor.GetAsync(), CancellationToken.None);
            _fault = result switch
            {
                RefundPaymentResult.Taken taken => Show(taken.Refund),
                RefundPaymentResult.TooMuch => "FaultTooMuch",
                RefundPaymentResult.Refused refused => Text[$"Obstacle_{refused.Code}"] is { ResourceNotFound: false } known ? known.Value : refused.Message,
                _ => throw new InvalidOperationException("A refund is taken, too much or refused."),
            };
            await OnDone.InvokeAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    private string? Show(Refund refund)
    {
        (_refundId, _answered) = (refund.Id, refund);
        return null;
    }
}
