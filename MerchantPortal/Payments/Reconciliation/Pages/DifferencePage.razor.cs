using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Reconciliation.Pages;

/// <summary>One difference: both sides beside each other, and the ways to end it.</summary>
public sealed partial class DifferencePage
{
    private DifferenceView? _view;
    private bool _isLoaded;
    private string _reason = "";
    private string? _fault;
    private DifferenceAction? _doing;

    [Parameter, EditorRequired]
    public required Guid Id { get; set; }

    [Inject]
    public required ReconciliationQueries Queries { get; init; }

    [Inject]
    public required ResolveDifference Resolve { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _view = await Queries.DifferenceAsync((await CurrentActor.GetAsync()).StoreId, Id, CancellationToken.None);
        _isLoaded = true;
    }

    /// <summary>The suggested one first.</summary>
    private static IEnumerable<DifferenceAction> Actions(DifferenceView view) => Enum.GetValues<DifferenceAction>().OrderByDescending(action => action == view.Suggested);

    private string? Refusal(DifferenceView view, DifferenceAction action) =>
        action == DifferenceAction.Book && !view.CanBook ? Text["CannotBookHere"].Value
        : string.IsNullOrWhiteSpace(_reason) ? Text["ReasonNeeded"].Value
        : null;

    private async Task ResolveAsync(DifferenceAction action)
    {
        (_doing, _fault) = (action, null);
        try
        {
            _fault = await Resolve.ExecuteAsync(Id, action, _reason, await CurrentActor.GetAsync(), CancellationToken.None) switch
            {
                ResolveDifferenceResult.Resolved => null,
                ResolveDifferenceResult.ReasonMissing => Text["ReasonNeeded"].Value,
                ResolveDifferenceResult.CannotBook cannot => Text["CannotBook", cannot.Why].Value,
                _ => Text["NotOpen"].Value,
            };
        }
        finally
        {
            _doing = null;
        }

        await LoadAsync();
    }
}
