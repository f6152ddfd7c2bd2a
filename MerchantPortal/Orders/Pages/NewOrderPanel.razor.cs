using MerchantPortal.Products;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Orders.Pages;

public sealed partial class NewOrderPanel
{
    private const int MaxProducts = 200;

    private NewOrderForm _form = new();
    private IReadOnlyList<Choice<Guid>> _products = [];
    private Order? _placed;
    private string? _fault;
    private string _faultMessage = "";
    private bool _isBusy;

    [Inject]
    public required PlaceOrder PlaceOrder { get; init; }

    [Inject]
    public required NewOrderSources Sources { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required PortalUrls Urls { get; init; }

    [Inject]
    public required IStringLocalizer<OrdersText> Text { get; init; }

    [Parameter, EditorRequired]
    public required EventCallback OnClose { get; set; }

    private IReadOnlyList<Choice<bool>> Kinds => field ??= [new(false, Text["ByAmount"]), new(true, Text["ByProduct"])];

    private string CheckoutUrl => _placed is null ? "" : Urls.Checkout(_placed.CheckoutToken).ToString();

    private string CustomerViewUrl => $"/pay/{_placed?.CheckoutToken}?display=counter";

    private string FaultText => Text[$"Fault_{_fault}"] is { ResourceNotFound: false } known ? known.Value : _faultMessage;

    protected override async Task OnInitializedAsync()
    {
        var actor = await CurrentActor.GetAsync();
        _products = [.. (await Sources.ProductsAsync(actor.StoreId, MaxProducts)).Select(Choose)];
        _form = await FreshAsync(actor.StoreId);
    }

    private async Task PlaceAsync()
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            (_fault, _faultMessage) = (null, "");
            if (_form.ToRequest() is not { } request)
            {
                _fault = "amount_unreadable";
                return;
            }

            Show(await PlaceOrder.ExecuteAsync(request, await CurrentActor.GetAsync(), CancellationToken.None));
        }
        finally
        {
            _isBusy = false;
        }
    }

    private void Show(PlaceOrderResult result)
    {
        if (result is PlaceOrderResult.Refused refused)
        {
            (_fault, _faultMessage) = (refused.Code, refused.Message);
        }

        _placed = (result as PlaceOrderResult.Placed)?.Order;
    }

    private Choice<Guid> Choose(Product product) => new(
        product.Id,
        $"{product.Name} · {Money.Display(product.Price)}{(product.Stock is { } stock ? $" · {Text["StockLeft", stock]}" : "")}",
        IsDisabled: product.Stock == 0);

    private async Task StartOver()
    {
        _placed = null;
        _form = await FreshAsync((await CurrentActor.GetAsync()).StoreId);
    }

    private async Task<NewOrderForm> FreshAsync(Guid storeId) => new()
    {
        Mode = await Sources.UsualModeAsync(storeId),
        ProductId = _products.FirstOrDefault(product => !product.IsDisabled)?.Value ?? Guid.Empty,
        IsByProduct = _form.IsByProduct,
    };
}
