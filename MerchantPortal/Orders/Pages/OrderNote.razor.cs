using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderNote
{
    private string _text = "";
    private string? _seen;
    private bool _isShown;
    private bool _isBusy;
    private string? _fault;

    [Inject]
    public required SaveOrderNote SaveNote { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    [Parameter, EditorRequired]
    public required Order Order { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    private bool IsChanged => _text.Trim() != (_seen ?? "");

    protected override void OnParametersSet()
    {
        // What somebody is typing is never replaced under their hands; saving tells them.
        if (!_isShown || !IsChanged)
        {
            (_isShown, _seen, _text) = (true, Order.Note, Order.Note ?? "");
        }
    }

    private async Task SaveAsync()
    {
        if (_isBusy || !IsChanged)
        {
            return;
        }

        _isBusy = true;
        try
        {
            await TakeAsync(await SaveNote.ExecuteAsync(Order.Id, _seen, _text, await CurrentActor.GetAsync(), CancellationToken.None));
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task TakeAsync(SaveOrderNoteResult result)
    {
        switch (result)
        {
            case SaveOrderNoteResult.Saved:
                _text = _text.Trim();
                _seen = _text.Length == 0 ? null : _text;
                _fault = null;
                Overlays.Announce(Text["NoteSaved"]);
                await OnDone.InvokeAsync();
                break;
            case SaveOrderNoteResult.ChangedMeanwhile meanwhile:
                _seen = meanwhile.Current;
                _fault = Text["NoteChangedMeanwhile", meanwhile.Current ?? "–"];
                break;
            case SaveOrderNoteResult.Invalid:
                _fault = Text["NoteInvalid"];
                break;
        }
    }
}
