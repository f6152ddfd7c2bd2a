using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Accounts.Pages;

public sealed partial class SignInPage
{
    private bool _refused;

    [Inject]
    public required IStringLocalizer<AccountsText> Text { get; init; }

    [Inject]
    public required SignIn SignIn { get; init; }

    [Inject]
    public required OwnerQueries Owners { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private Form? Input { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (HttpContext.User.Identity?.IsAuthenticated == true)
        {
            Navigation.NavigateTo(LocalUrl.OrRoot(ReturnUrl));
        }
        else if (!await Owners.ExistsAsync(HttpContext.RequestAborted))
        {
            Navigation.NavigateTo("/setup");
        }
    }

    private async Task SubmitAsync()
    {
        if (await SignIn.ExecuteAsync(Input?.Email ?? "", Input?.Password ?? ""))
        {
            Navigation.NavigateTo(LocalUrl.OrRoot(ReturnUrl));
            return;
        }

        _refused = true;
    }

    private sealed class Form
    {
        public string? Email { get; set; }

        public string? Password { get; set; }
    }
}
