using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Accounts.Pages;

public sealed partial class ChangePasswordPage
{
    private bool _done;
    private IReadOnlyList<string> _faults = [];

    [Inject]
    public required IStringLocalizer<AccountsText> Text { get; init; }

    [Inject]
    public required ChangePassword ChangePassword { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private Form? Input { get; set; }

    private async Task SubmitAsync()
    {
        _faults = await ChangePassword.ExecuteAsync(HttpContext.User, Input?.Current ?? "", Input?.Next ?? "");
        _done = _faults.Count == 0;
    }

    private sealed class Form
    {
        public string? Current { get; set; }

        public string? Next { get; set; }
    }
}
