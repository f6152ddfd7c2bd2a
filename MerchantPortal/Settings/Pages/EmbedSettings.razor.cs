using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>The payment button of the store: which pages may carry it, and what to paste there.</summary>
public sealed partial class EmbedSettings
{
    private string? _lines;
    private bool _saved;
    private bool _hasOrigins;
    private EmbedOriginsResult.Refused? _refused;

    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required StoreQueries Stores { get; init; }

    [Inject]
    public required SaveEmbedOrigins Save { get; init; }

    [Inject]
    public required PortalUrls Urls { get; init; }

    private string Snippet => $"""
        <script async src="{new Uri(Urls.Base, "embed/checkout.js")}"></script>
        <a href="{Text["EmbedCheckoutUrl"]}" data-order>{Text["EmbedPay"]}</a>
        """;

    private string Directives
    {
        get
        {
            var portal = Urls.Base.GetLeftPart(UriPartial.Authority);
            return $"script-src {portal}; frame-src {portal}";
        }
    }

    protected override async Task OnInitializedAsync() =>
        _lines = Lines((await Stores.GetAsync((await CurrentActor.GetAsync()).StoreId, CancellationToken.None)).EmbedOrigins);

    private async Task SaveAsync()
    {
        var result = await Save.ExecuteAsync(_lines, await CurrentActor.GetAsync(), CancellationToken.None);
        _refused = result as EmbedOriginsResult.Refused;
        _saved = _refused is null;
        if (result is EmbedOriginsResult.Valid(var origins))
        {
            _lines = Lines(origins);
            _hasOrigins = origins.Count > 0;
        }
    }

    private static string Lines(IReadOnlyList<string> origins) => string.Join('\n', origins);
}
