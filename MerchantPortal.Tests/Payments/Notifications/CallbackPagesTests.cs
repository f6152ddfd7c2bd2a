using System.Globalization;
using Bunit;
using MerchantPortal.Accounts;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Notifications.Pages;
using MerchantPortal.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantPortal.Tests.Payments.Notifications;

public sealed class CallbackPagesTests
{
    [Fact]
    public void A_step_that_failed_is_open_and_says_its_reason_in_words()
    {
        using var context = new BunitContext();
        context.Services.AddLocalization();
        context.Services.AddLogging();
        var page = InEnglish(() => context.Render<TraceList>(parameters => parameters.Add(list => list.Trace,
        [
            new(TraceSteps.Received, true, "64 bytes"),
            new(TraceSteps.Signature, false, RejectionReasons.SignatureInvalid, new Dictionary<string, string> { ["serial"] = "4F02" }),
        ])));

        var steps = page.FindAll("details");
        Assert.Equal([false, true], steps.Select(step => step.HasAttribute("open")));
        Assert.Contains("Signature invalid", steps[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("4F02", steps[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_says_nonsense_is_the_plain_list()
    {
        var state = NotificationListState.Read(
            new Dictionary<string, string?> { ["tab"] = "no", ["status"] = "77", ["before"] = "x", ["account"] = "?", ["range"] = "9y" }, DateTimeOffset.UnixEpoch);

        Assert.Equal((NotificationTab.All, null, null, "7d"), (state.Filter.Tab, state.Filter.Status, state.Before, state.Range));
        Assert.False(state.Filter.IsNarrowed);
    }

    [Fact]
    public void Another_tab_keeps_the_filters_and_starts_at_the_newest_page()
    {
        var state = NotificationListState.Read(
            new Dictionary<string, string?> { ["q"] = "T 1", ["before"] = Guid.NewGuid().ToString("N") }, DateTimeOffset.UnixEpoch);

        Assert.Equal("/callbacks?q=T%201&tab=dead-letters", state.With("tab", NotificationListState.Name(NotificationTab.DeadLetters)));
        Assert.Equal("/callbacks?q=T%201", state.With("before", null));
    }

    [Fact]
    public void A_job_tells_what_was_foretold_and_stops_telling_after_the_page_is_left()
    {
        using var context = new BunitContext();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddShellComponents();
        context.Services.AddLogging();
        context.Services.AddSingleton(TimeProvider.System);
        context.Services.AddSingleton<BulkReplay>();
        using var job = new BulkReplayJob(Guid.NewGuid(), Actor.System(Guid.NewGuid()), new NotificationFilter(), DateTimeOffset.UnixEpoch);
        job.Begin(1, [new BulkReplayRow(Guid.NewGuid(), "M1", new BulkReplayOutcome(CallbackStatus.Applied, DecisionReasons.Paid), null)]);
        var panel = InEnglish(() => context.Render<BulkReplayPanel>(parameters => parameters.Add(shown => shown.Job, job)));

        panel.InvokeAsync(() => InEnglish(() => { job.Enter(BulkReplayState.Ready); return true; }));

        panel.WaitForAssertion(() => Assert.NotNull(panel.Find("button.button-primary")));
        Assert.Contains("Give a reason", panel.Find("button.button-primary").GetAttribute("aria-description"), StringComparison.Ordinal);
        panel.Find("input").Input("key mended");
        Assert.False(panel.Find("button.button-primary").HasAttribute("aria-disabled"));
        panel.Instance.Dispose();
        job.Enter(BulkReplayState.Completed);
        Assert.NotNull(panel.Find("button.button-primary"));
    }

    private static T InEnglish<T>(Func<T> work)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        return work();
    }
}
