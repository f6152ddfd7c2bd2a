using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>Adds a channel account step by step, or changes one. Rendered from the channel's own list of fields.</summary>
public sealed partial class ChannelAccountPage
{
    private ChannelAccountView? _account;
    private ChannelFormState? _form;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private bool _isBusy;
    private bool _saved;
    private bool _notFound;
    private bool _confirmsDisable;

    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required ChannelAccountSources Sources { get; init; }

    [Inject]
    public required PortalSurroundings Portal { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Null for a new account.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [SupplyParameterFromQuery(Name = "channel")]
    private string? Channel { get; set; }

    [SupplyParameterFromQuery(Name = "saved")]
    private bool Saved { get; set; }

    private string? Kind => _account is not null && _form is not null && Text.Channel(_form.Definition.Channel) is { } kind && kind != _account.Name ? kind : null;

    private string Title => _account?.Name ?? (_form is null ? Text["AddAccount"] : Text["AddAccountOf", Text.Channel(_form.Definition.Channel)]);

    protected override async Task OnParametersSetAsync()
    {
        (_account, _form, _errors, _confirmsDisable, _saved) = (null, null, new Dictionary<string, string>(), false, Saved);
        if (Id is { } id)
        {
            await LoadAsync(id);
        }
        else if (Channel is not null && Sources.Channels.Definition(Channel) is { } definition)
        {
            _form = new ChannelFormState(definition) { Name = Text.Channel(Channel), Mode = Portal.SandboxEnabled ? PaymentMode.Test : PaymentMode.Live };
        }
    }

    private async Task LoadAsync(Guid id)
    {
        var storeId = (await CurrentActor.GetAsync()).StoreId;
        _account = await Sources.Queries.FindAsync(id, storeId, CancellationToken.None);
        _notFound = _account is null;
        if (_account is not null && Sources.Channels.Definition(_account.Channel) is { } definition)
        {
            _form = ChannelFormState.Of(definition, _account, await Sources.Queries.FindFormAsync(id, storeId, CancellationToken.None) ?? []);
        }
    }

    private bool OffersSandboxAccount => _account is null && _form?.Mode == PaymentMode.Test && Sources.TestMerchants.Any();

    private Task SaveAsync() => _form is null ? Task.CompletedTask : SaveAsync(_form.ToForm());

    /// <summary>The sandbox's keys go straight into the safe; nobody needs to see them.</summary>
    private async Task SaveFromSandboxAsync()
    {
        if (_form is { Definition.Channel: var channel } form
            && await Sources.TestMerchants.First().ExecuteAsync(channel, CancellationToken.None) is { } keys)
        {
            await SaveAsync(new ChannelAccountForm(channel, form.Name, PaymentMode.Test, keys));
        }
    }

    private async Task SaveAsync(ChannelAccountForm form)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _saved) = (true, false);
        var result = await Sources.Save.ExecuteAsync(Id, form, await CurrentActor.GetAsync(), CancellationToken.None);
        _isBusy = false;
        _errors = result is SaveChannelAccountResult.Invalid invalid ? invalid.Errors : new Dictionary<string, string>();
        if (result is not SaveChannelAccountResult.Saved saved)
        {
            return;
        }

        if (Id is null)
        {
            Navigation.NavigateTo($"/settings/channels/{saved.AccountId}?saved=true");
            return;
        }

        await LoadAsync(saved.AccountId);
        _saved = true;
    }

    private async Task SwitchAsync(bool disabled)
    {
        if (_account is not null)
        {
            await Sources.Disable.ExecuteAsync(_account.Id, disabled, await CurrentActor.GetAsync(), CancellationToken.None);
            await LoadAsync(_account.Id);
            _confirmsDisable = false;
        }
    }

    private string? Error(string field) =>
        _errors.TryGetValue(field, out var detail) ? Text.ChannelFault(_form?.Definition.Channel ?? "", field, detail) : null;
}
