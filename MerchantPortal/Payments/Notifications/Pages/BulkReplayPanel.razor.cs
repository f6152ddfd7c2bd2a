using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>Shows one bulk replay and follows it; leaving the page does not end it.</summary>
public sealed partial class BulkReplayPanel
{
    private BulkReplayJob? _watched;
    private string _reason = "";

    /// <summary>Null when the job is not known any more.</summary>
    [Parameter]
    public BulkReplayJob? Job { get; set; }

    [Inject]
    public required BulkReplay Bulks { get; init; }

    public void Dispose() => Watch(null);

    protected override void OnParametersSet() => Watch(Job);

    private void Watch(BulkReplayJob? job)
    {
        if (_watched == job)
        {
            return;
        }

        _watched?.Changed -= Follow;
        _watched = job;
        _watched?.Changed += Follow;
    }

    private void Follow() => _ = InvokeAsync(StateHasChanged);

    /// <summary>Rows of one predicted outcome together, the most frequent first.</summary>
    private static IReadOnlyList<IGrouping<BulkReplayOutcome?, BulkReplayRow>> Foretold(BulkReplayJob job) =>
        [.. job.Rows.GroupBy(row => row.Predicted).OrderByDescending(group => group.Count())];

    private static int Replayable(BulkReplayJob job) => job.Rows.Count(row => row.Predicted is { Refused: false });

    private string? Refusal(BulkReplayJob job) =>
        Replayable(job) == 0 ? Text["BulkNoneReplayable"].Value : string.IsNullOrWhiteSpace(_reason) ? Text["ReasonNeeded"].Value : null;

    private static int Progress(BulkReplayJob job) =>
        job.State == BulkReplayState.Previewing ? job.Rows.Count(row => row.Predicted is not null) : job.Done;

    private string Sentence(BulkReplayJob job) => job.State switch
    {
        BulkReplayState.Ready => Text.Count("BulkReady", job.Matching),
        _ => Text[$"Bulk{job.State}", Progress(job), job.Rows.Count],
    };

    private string Outcome(BulkReplayOutcome? outcome) =>
        outcome is null ? "–" : outcome.Refused ? Text["BulkLeftOut"] : $"{Text[$"Status_{outcome.Status}"]} · {Text[$"Reason_{outcome.Reason}"]}";
}
