using MerchantPortal.Orders;
using MerchantPortal.Orders.Pages;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>
/// The same list as one component, the way it is written first: a table drawn in place, a handler per row, drawn anew at every change.
/// Plain HTML, no component library. It reads the same orders and follows the same feed.
/// </summary>
internal sealed class InlineBoardHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InlineBoardHost(PortalFactory portal, Guid storeId, CircuitCount circuits)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton(portal.Get<OrderQueries>());
        builder.Services.AddSingleton(portal.Get<OrderFeed>());
        builder.Services.AddSingleton(new BoardStore(storeId));
        circuits.Register(builder.Services);
        _app = builder.Build();
        _app.UseAntiforgery();
        _app.MapRazorComponents<InlinePage>().AddInteractiveServerRenderMode();
        _app.MapGet("/board", () => new RazorComponentResult<InlinePage>());
    }

    public Uri Board => new(new Uri(_app.Urls.Single()), "/board");

    public static async Task<InlineBoardHost> StartAsync(PortalFactory portal, Guid storeId, CircuitCount circuits)
    {
        var host = new InlineBoardHost(portal, storeId, circuits);
        await host._app.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record BoardStore(Guid Id);

internal sealed class InlinePage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html><html><body>");
        builder.OpenComponent<InlineBoard>(1);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.AddMarkupContent(2, "</body></html>");
    }
}

internal sealed class InlineBoard : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private IReadOnlyList<OrderSummary> _rows = [];
    private string? _opened;

    [Inject]
    public required OrderQueries Queries { get; init; }

    [Inject]
    public required OrderFeed Feed { get; init; }

    [Inject]
    public required BoardStore Store { get; init; }

    public void Dispose() => _leaving.Cancel();

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = InvokeAsync(FollowAsync);
        }
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "table");
        foreach (var row in _rows)
        {
            builder.OpenElement(1, "tr");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => _opened = row.Number));
            builder.AddAttribute(3, "class", row.Number == _opened ? "open" : "");
            foreach (var cell in Cells(row))
            {
                builder.OpenElement(4, "td");
                builder.AddContent(5, cell);
                builder.CloseElement();
            }

            builder.CloseElement();
        }

        builder.CloseElement();
    }

    private static string?[] Cells(OrderSummary row) =>
    [
        row.CreatedAt.ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), row.Number, row.Subject, row.Note, Money.Display(row.Amount), row.Channel,
        row.Status.ToString(), $"{row.Version}",
    ];

    private async Task LoadAsync() => _rows =
        (await Queries.PageAsync(Store.Id, new OrderFilter(), OrderCursor.Newest, OrderListViewModel.PageSize, CancellationToken.None)).Rows;

    private async Task FollowAsync()
    {
        var last = await Feed.LastNumberAsync(Store.Id, _leaving.Token);
        await foreach (var _ in Feed.FollowAsync(Store.Id, last, _leaving.Token))
        {
            await LoadAsync();
            StateHasChanged();
        }
    }
}
