using MerchantPortal.Data;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>Dry run first; then, with a reason, the real replay. Shows what would change and what has changed.</summary>
public sealed partial class ReplayPanel
{
    private ReplayResult? _foreseen;
    private ReplayResult? _happened;
    private string _reason = "";
    private bool _asking;
    private bool _busy;
    private bool _failed;

    [Parameter, EditorRequired]
    public required NotificationDetail Detail { get; set; }

    /// <summary>After a real replay: the page reads the callback again.</summary>
    [Parameter]
    public EventCallback Replayed { get; set; }

    [Inject]
    public required ReplayNotification Replay { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    private async Task DryRunAsync()
    {
        (_happened, _asking) = (null, false);
        _foreseen = await RunAsync(dryRun: true);
    }

    private async Task ReplayAsync()
    {
        if (await RunAsync(dryRun: false) is { } result)
        {
            (_happened, _foreseen, _asking, _reason) = (result, null, false, "");
            Overlays.Announce($"{Text["Replayed"]} · {Text[$"Status_{result.Outcome}"]}");
            await Replayed.InvokeAsync();
        }
    }

    /// <returns>Null when it could not be done; the page then says so.</returns>
    private async Task<ReplayResult?> RunAsync(bool dryRun)
    {
        (_busy, _failed) = (true, false);
        try
        {
            var actor = await CurrentActor.GetAsync();
            var result = await Replay.ExecuteAsync(Detail.Row.Id, dryRun, dryRun ? null : _reason.Trim(), actor, CancellationToken.None);
            _failed = result is null;
            return result;
        }
        catch (DatabaseBusyException)
        {
            _failed = true;
            return null;
        }
        finally
        {
            _busy = false;
        }
    }
}
