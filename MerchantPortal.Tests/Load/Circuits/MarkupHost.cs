using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantPortal.Tests.Load.Circuits;

/// <summary>Serves given markup as one interactive component: what a page costs when it is a circuit.</summary>
internal sealed class MarkupHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MarkupHost(string markup)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton(new Markup(markup));
        _app = builder.Build();
        _app.UseAntiforgery();
        _app.MapRazorComponents<MarkupPage>().AddInteractiveServerRenderMode();
        _app.MapGet("/markup", () => new RazorComponentResult<MarkupPage>());
    }

    public Uri Page => new(new Uri(_app.Urls.Single()), "/markup");

    public static async Task<MarkupHost> StartAsync(string markup)
    {
        var host = new MarkupHost(markup);
        await host._app.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record Markup(string Text);

internal sealed class MarkupPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html><html><body>");
        builder.OpenComponent<MarkupBody>(1);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.AddMarkupContent(2, "<script src=\"_framework/blazor.web.js\"></script></body></html>");
    }
}

internal sealed class MarkupBody : ComponentBase
{
    [Inject]
    public required Markup Markup { get; init; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, Markup.Text);
}
