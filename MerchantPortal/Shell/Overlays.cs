using Microsoft.AspNetCore.Components;
using Radzen;

namespace MerchantPortal.Shell;

/// <summary>
/// What floats above a page: questions, short notices, hints, the panel at the side. The only place that knows how the component
/// library does it. Words go in as text, never as markup.
/// </summary>
public sealed class Overlays(DialogService dialogs, NotificationService notices, TooltipService hints)
{
    private static readonly TimeSpan NoticeStays = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HintWaits = TimeSpan.FromMilliseconds(250);

    private Task _closing = Task.CompletedTask;

    /// <returns>True only for a clear yes: closing the question, or leaving the page, is a no.</returns>
    public async Task<bool> AskAsync(Question question)
    {
        object? answer = await dialogs.OpenAsync<QuestionDialog>(
            question.Title,
            new Dictionary<string, object?> { [nameof(QuestionDialog.Question)] = question },
            new DialogOptions { ShowTitle = false, AriaLabel = question.Title, CssClass = "question", Width = "min(440px, calc(100vw - 32px))", AutoFocusFirstElement = false });
        return answer is true;
    }

    public void Answer(bool yes) => dialogs.Close(yes);

    /// <summary>Announces an outcome that the page shows, too. What went wrong stays on the page instead.</summary>
    public void Announce(string sentence) => notices.Notify(new NotificationMessage
    {
        Severity = NotificationSeverity.Success,
        SummaryContent = _ => builder => builder.AddContent(0, sentence),
        Duration = NoticeStays.TotalMilliseconds,
    });

    public void ShowHint(ElementReference beside, string sentence) => hints.Open(
        beside,
        _ => builder => builder.AddContent(0, sentence),
        new TooltipOptions { Position = TooltipPosition.Bottom, Delay = (int)HintWaits.TotalMilliseconds, Duration = null });

    public void HideHint() => hints.Close();

    /// <summary>Completes when the panel is closed, by whomever. One is open at a time.</summary>
    internal async Task OpenPanelAsync(SidePanel panel)
    {
        // One that leads to another page's panel is still sliding out; the library would take the new one out with it.
        await _closing;
        await dialogs.OpenSideAsync<PanelBody>(
            panel.Title,
            new Dictionary<string, object?> { [nameof(PanelBody.Panel)] = panel },
            new SideDialogOptions { ShowTitle = false, AriaLabel = panel.Title, CssClass = "panel", Width = "min(440px, 100vw)", AutoFocusFirstElement = false, Resizable = false });
    }

    internal void ClosePanel() => _closing = dialogs.CloseSideAsync();
}
