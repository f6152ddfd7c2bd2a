using MerchantPortal.Payments.Channels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Settings.Pages;

/// <summary>One field of a channel's form. A secret that is saved shows its fingerprint only; left empty it stays.</summary>
public sealed partial class ChannelFieldInput
{
    [Inject]
    public required IStringLocalizer<SettingsText> Text { get; init; }

    [Parameter, EditorRequired]
    public required string Channel { get; set; }

    [Parameter, EditorRequired]
    public required ChannelField Field { get; set; }

    [Parameter]
    public string? Value { get; set; }

    [Parameter]
    public EventCallback<string?> ValueChanged { get; set; }

    /// <summary>Of the secret that is saved; null when there is none.</summary>
    [Parameter]
    public KeyPrint? Saved { get; set; }

    /// <summary>A secret is saved, so that the field may stay empty.</summary>
    [Parameter]
    public bool IsSaved { get; set; }

    [Parameter]
    public string? Error { get; set; }

    private string Id => $"field-{Field.Name}";

    private string Label => Text.Field(Channel, Field.Name);

    private string Help => Text.FieldHelp(Channel, Field.Name);

    private string Placeholder => IsSaved && Field.IsSecret ? Text["LeaveEmpty"] : "";

    private string? Invalid => Error is null ? null : "true";

    private Task SetAsync(string? value) => ValueChanged.InvokeAsync(value);

    private async Task UploadAsync(InputFileChangeEventArgs change) => await ValueChanged.InvokeAsync(await KeyFile.ReadAsync(change.File));
}
