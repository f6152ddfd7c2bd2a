using MerchantPortal.Payments.Channels;
using Microsoft.AspNetCore.Components;

namespace MerchantPortal.Settings.Pages;

/// <summary>Tells what kind of key a person has just pasted, whether it fits the field, and how long it lives.</summary>
public sealed partial class PastedKey
{
    /// <summary>Old contracts have short keys; which length a channel takes is checked when the form is saved.</summary>
    private const int ShortestKey = 1024;

    private const int SoonDays = 30;

    private KeyReadResult? _read;

    [Parameter, EditorRequired]
    public required ChannelFieldKind Kind { get; set; }

    /// <summary>Null or empty when nothing was pasted.</summary>
    [Parameter]
    public string? Pasted { get; set; }

    protected override void OnParametersSet() => _read = string.IsNullOrWhiteSpace(Pasted) ? null : Kind switch
    {
        ChannelFieldKind.PrivateKey => KeyText.ReadPrivateKey(Pasted, ShortestKey),
        ChannelFieldKind.PublicKey or ChannelFieldKind.PublicKeyRing or ChannelFieldKind.Certificate => KeyText.ReadPublicKey(Pasted, ShortestKey),
        // May hold two things at once, or be sealed; the channel reads it when it is saved.
        ChannelFieldKind.ClientCertificate => null,
        ChannelFieldKind.Text or ChannelFieldKind.Choice => null,
    };

    private string Format(KeyReadResult.Readable key) => Text[$"Pasted.Format.{key.Format}"] + (key.IsBare ? Text["Pasted.Bare"] : "");

    private int Days(CertificateFacts certificate) => (int)Math.Floor((certificate.NotAfter - Time.GetUtcNow()).TotalDays);

    private bool IsEnding(KeyReadResult.Readable key) => key.Certificate is { } certificate && Days(certificate) < SoonDays;
}
