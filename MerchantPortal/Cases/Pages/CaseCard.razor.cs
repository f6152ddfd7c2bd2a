using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Cases.Pages;

/// <summary>One case: what happened, what to do, whose it is, and how it ends.</summary>
public sealed partial class CaseCard
{
    private string? _running;
    private string? _fault;
    private string _reason = "";
    private CaseResolution? _way;
    private Actor? _actor;

    [Parameter, EditorRequired]
    public required CaseRow Row { get; set; }

    /// <summary>False on the order's own page.</summary>
    [Parameter]
    public bool ShowsOrder { get; set; }

    /// <summary>Something has changed: read it anew.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnDone { get; set; }

    [Inject]
    public required CaseDesk Desk { get; init; }

    [Inject]
    public required CaseWords Words { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    [Inject]
    public required Overlays Overlays { get; init; }

    private Case Case => Row.Case;

    private bool IsMine => _actor is { } actor && Case.OwnerId == actor.Id;

    /// <summary>Where exactly this money is given back; null for a case about other things.</summary>
    private string? Refundable =>
        Case is { Status: CaseStatus.Open, Kind: CaseKind.LateMoney or CaseKind.DuplicateMoney or CaseKind.RefundFailed, PaymentId: { } payment } && Row.OrderNumber is { } number
            ? $"/orders/{number}?refund={payment:N}"
            : null;

    private string? Missing => _way is null ? Text["WayNeeded"].Value : string.IsNullOrWhiteSpace(_reason) ? Text["ReasonNeeded"].Value : null;

    protected override async Task OnInitializedAsync() => _actor = await CurrentActor.GetAsync();

    private Task AssignAsync() => RunAsync("assign", async actor => await Desk.AssignAsync(Case.Id, toMe: !IsMine, actor) ? null : Text["NotOpen"].Value);

    private Task ResolveAsync() => RunAsync("resolve", async actor =>
    {
        var result = _way is { } way ? await Desk.ResolveAsync(Case.Id, way, _reason, actor) : new ResolveCaseResult.ReasonInvalid();
        if (result is ResolveCaseResult.Resolved)
        {
            Overlays.Announce(Text["ResolvedDone"]);
        }

        return result switch
        {
            ResolveCaseResult.Resolved => null,
            ResolveCaseResult.OutOfStock => Text["OutOfStock"].Value,
            ResolveCaseResult.ReasonInvalid => Text["ReasonNeeded"].Value,
            _ => Text["NotOpen"].Value,
        };
    });

    /// <summary>One at a time: a second click does nothing.</summary>
    private async Task RunAsync(string action, Func<Actor, Task<string?>> work)
    {
        if (_running is not null)
        {
            return;
        }

        (_running, _fault) = (action, null);
        try
        {
            _fault = await work(_actor ?? await CurrentActor.GetAsync());
            await OnDone.InvokeAsync();
        }
        catch (DatabaseBusyException)
        {
            _fault = Text["Busy"];
        }
        finally
        {
            _running = null;
        }
    }
}
