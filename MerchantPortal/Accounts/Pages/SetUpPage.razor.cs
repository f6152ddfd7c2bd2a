using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Accounts.Pages;

public sealed partial class SetUpPage
{
    private static readonly string[] Zones =
    [
        "Asia/Shanghai",
        .. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId && zone.Id.Contains('/')).Select(zone => zone.Id)
            .Where(id => id != "Asia/Shanghai").Order(StringComparer.Ordinal),
    ];

    private bool _owned;
    private bool _allowed;
    private IReadOnlyList<string> _faults = [];

    [Inject]
    public required IStringLocalizer<AccountsText> Text { get; init; }

    [Inject]
    public required SetupToken SetupToken { get; init; }

    [Inject]
    public required SetUpPortal SetUpPortal { get; init; }

    [Inject]
    public required OwnerQueries Owners { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private SetUpForm? Input { get; set; }

    [SupplyParameterFromQuery]
    private string? Token { get; set; }

    private SetUpForm Shown => Input ??= new SetUpForm();

    protected override async Task OnInitializedAsync()
    {
        _owned = await Owners.ExistsAsync(HttpContext.RequestAborted);
        _allowed = SetupToken.Matches(Token);
    }

    private async Task SubmitAsync()
    {
        if (_owned || !_allowed)
        {
            return;
        }

        switch (await SetUpPortal.ExecuteAsync(Shown.ToNewOwner(), HttpContext.RequestAborted))
        {
            case CreateOwnerResult.Created:
                CultureChoice.Remember(HttpContext, Shown.Language!);
                Navigation.NavigateTo("/");
                break;
            case CreateOwnerResult.Invalid invalid:
                _faults = invalid.Codes;
                break;
            case CreateOwnerResult.AlreadyOwned:
                _owned = true;
                break;
        }
    }
}
