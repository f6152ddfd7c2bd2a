using MerchantPortal.Api;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Settings.Pages;

/// <summary>The store's API keys. A new one is shown once.</summary>
public sealed partial class ApiKeys
{
    private IReadOnlyList<ApiKeyView>? _keys;
    private CreateApiKeyResult.Created? _created;
    private ScopePreset _preset = ScopePreset.All[0];
    private string _name = "";
    private string? _fault;

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required ApiKeyQueries Queries { get; init; }

    [Inject]
    public required CreateApiKey Create { get; init; }

    [Inject]
    public required RevokeApiKey Revoke { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync() => _keys = await Queries.ListAsync((await CurrentActor.GetAsync()).StoreId, CancellationToken.None);

    private async Task CreateAsync()
    {
        var result = await Create.ExecuteAsync(_name, _preset.Scopes, await CurrentActor.GetAsync(), CancellationToken.None);
        _fault = (result as CreateApiKeyResult.Refused)?.Code;
        if (result is CreateApiKeyResult.Created created)
        {
            (_created, _name) = (created, "");
            await LoadAsync();
        }
    }

    private Question Revoking(ApiKeyView key) => new(Text["RevokeTitle"], Text["RevokeQuestion", key.Name], Text["Revoke"], Text["Cancel"]);

    private async Task RevokeAsync(ApiKeyView key)
    {
        await Revoke.ExecuteAsync(key.Id, await CurrentActor.GetAsync(), CancellationToken.None);
        Overlays.Announce(Text["RevokedDone", key.Name]);
        await LoadAsync();
    }

    private string ScopeWords(string scopes) =>
        ScopePreset.All.FirstOrDefault(preset => string.Join(' ', preset.Scopes) == scopes) is { } preset ? Text[$"Scopes.{preset.Name}"] : scopes;
}

/// <summary>Usual sets of scopes, so that nobody has to know their names.</summary>
internal sealed record ScopePreset(string Name, IReadOnlyList<string> Scopes)
{
    public static IReadOnlyList<ScopePreset> All { get; } =
    [
        new("Shop", [ApiScopes.OrdersRead, ApiScopes.OrdersWrite, ApiScopes.ProductsRead]),
        new("Read", [ApiScopes.OrdersRead, ApiScopes.ProductsRead, ApiScopes.CallbacksRead, ApiScopes.ChannelsRead]),
        new("Everything", [ApiScopes.Everything]),
    ];
}
