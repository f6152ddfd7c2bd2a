using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantPortal.Payments.Reconciliation.Pages;

/// <summary>Takes a bill file that a person drops or chooses.</summary>
public sealed partial class BillUpload
{
    private Guid _account;
    private bool _isBusy;
    private bool _isWrong;
    private string? _answer;

    [Parameter, EditorRequired]
    public required IReadOnlyList<BillAccount> Accounts { get; set; }

    [Parameter, EditorRequired]
    public required DateOnly Day { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnTaken { get; set; }

    [Inject]
    public required UploadBill Upload { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    protected override void OnParametersSet()
    {
        if (Accounts.All(account => account.Id != _account))
        {
            _account = Accounts.Count > 0 ? Accounts[0].Id : Guid.Empty;
        }
    }

    private async Task TakeAsync(InputFileChangeEventArgs chosen)
    {
        (_isBusy, _answer) = (true, null);
        try
        {
            await using var file = FetchBill.TemporaryFile();
            await using (var brought = chosen.File.OpenReadStream(UploadBill.MaxBytes))
            {
                await brought.CopyToAsync(file);
            }

            Answer(await Upload.ExecuteAsync(_account, Day, file, chosen.File.Name, await CurrentActor.GetAsync(), CancellationToken.None));
        }
        catch (IOException)
        {
            // Larger than the limit, or the browser went away.
            (_isWrong, _answer) = (true, Text[$"Fault_{BillFault.TooLarge}"]);
        }
        finally
        {
            _isBusy = false;
        }

        await OnTaken.InvokeAsync();
    }

    private void Answer(TakeBillResult result) => (_isWrong, _answer) = result switch
    {
        TakeBillResult.Taken { IsNew: true } => (false, Text["Taken"].Value),
        TakeBillResult.Taken => (false, Text["TakenBefore"].Value),
        TakeBillResult.Refused { Why: { Line: > 0 } why } => (true, $"{Text[$"Fault_{why.Fault}"]} {Text["AtLine", why.Line, why.Detail]}"),
        TakeBillResult.Refused refused => (true, Text[$"Fault_{refused.Why.Fault}"].Value),
        _ => throw new InvalidOperationException("A bill is taken or refused."),
    };
}
