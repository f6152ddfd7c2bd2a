using System.Globalization;
using MerchantPortal.Accounts;
using MerchantPortal.Shell;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Payments.Notifications.Pages;

/// <summary>One callback: what it means, each step, the evidence, its replays.</summary>
public sealed partial class NotificationDetailPage
{
    private NotificationDetail? _detail;
    private AttemptDetail? _shown;
    private bool _loaded;

    [Parameter]
    public Guid Id { get; set; }

    /// <summary>Which part of the evidence is shown.</summary>
    [SupplyParameterFromQuery]
    public string? View { get; set; }

    /// <summary>Number of the attempt whose steps are shown; the newest by default.</summary>
    [SupplyParameterFromQuery]
    public int? Attempt { get; set; }

    [Inject]
    public required NotificationQueries Queries { get; init; }

    [Inject]
    public required CurrentActor CurrentActor { get; init; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _detail = await Queries.FindAsync((await CurrentActor.GetAsync()).StoreId, Id, CancellationToken.None);
        _shown = _detail?.Attempts.FirstOrDefault(attempt => attempt.Attempt.Number == Attempt) ?? (_detail?.Attempts is [var newest, ..] ? newest : null);
        _loaded = true;
    }

    private string Address(string? view) => Address(view, Attempt);

    private string Address(string? view, int? attempt)
    {
        var parts = new[] { view is null ? null : $"view={view}", attempt is null ? null : string.Create(CultureInfo.InvariantCulture, $"attempt={attempt}") };
        return $"/callbacks/{Id:N}?{string.Join('&', parts.OfType<string>())}".TrimEnd('?');
    }

    private string Who(CaptureAttempt attempt) => attempt.ActorKind switch
    {
        ActorKind.Gateway or ActorKind.Buyer => Text["By_Gateway"],
        ActorKind.System => Text["By_System"],
        ActorKind.Person or ActorKind.ApiKey => Text["By_Person", attempt.ActorName],
    };
}
