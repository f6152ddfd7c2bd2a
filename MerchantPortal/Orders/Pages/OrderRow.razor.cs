using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class OrderRow
{
    private (OrderSummary Row, bool Glows, DateTimeOffset Now)? _drawn;

    [Parameter, EditorRequired]
    public required OrderSummary Row { get; set; }

    /// <summary>The last change touched it.</summary>
    [Parameter]
    public bool Glows { get; set; }

    /// <summary>To the minute: a row grows older without changing.</summary>
    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    [Parameter, EditorRequired]
    public required StoreTime Calendar { get; set; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    /// <summary>A line has room for one word: the most urgent.</summary>
    private (StatusTone Tone, string Key) Status => OrderWords.Chips(Row.Status, Row.Flags, Row.ExpiresAt, Now).Last();

    protected override bool ShouldRender()
    {
        var next = (Row, Glows, Now);
        var isNew = _drawn != next;
        _drawn = next;
        return isNew;
    }
}
