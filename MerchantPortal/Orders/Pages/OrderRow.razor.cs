using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Orders.Pages;

/// <summary>Drawn again only when it would say something else.</summary>
public sealed partial class OrderRow
{
    private (OrderSummary Row, bool Glows, OrderRowScene Scene) _given;
    private (string Age, (StatusTone Tone, string Key) Status) _said;
    private string _full = "";
    private bool _isNew;

    [Parameter, EditorRequired]
    public required OrderSummary Row { get; set; }

    /// <summary>The last change touched it.</summary>
    [Parameter]
    public bool Glows { get; set; }

    [Parameter, EditorRequired]
    public required OrderRowScene Scene { get; set; }

    [Inject]
    public required TimeProvider Time { get; init; }

    protected override void OnParametersSet()
    {
        var given = (Row, Glows, Scene);
        if (given == _given)
        {
            _isNew = false;
            return;
        }

        var now = Time.GetUtcNow();
        // A line has room for one status: the most urgent.
        var said = (RelativeWords.Of(Row.CreatedAt, now, Scene.ShellText), OrderWords.Chips(Row.Status, Row.Flags, Row.ExpiresAt, now).Last());
        _isNew = (Row, Glows) != (_given.Row, _given.Glows) || said != _said;
        (_given, _said, _full) = (given, said, Scene.Calendar.Full(Row.CreatedAt));
    }

    protected override bool ShouldRender() => _isNew;
}
