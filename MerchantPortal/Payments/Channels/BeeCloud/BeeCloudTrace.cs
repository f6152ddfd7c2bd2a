using System.Globalization;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>Writes the steps of one verification.</summary>
internal sealed class BeeCloudTrace(RawNotification raw)
{
    private const int MaxShown = 200;

    private readonly List<TraceStep> _steps =
    [
        new(TraceSteps.Received, true, "Judged by its time of arrival.",
            TraceValues.Of(("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)), ("method", raw.Method))),
    ];

    public void Step(string step, string detail, params ReadOnlySpan<(string Name, string? Value)> values) => Add(step, true, detail, values);

    public void Failed(string step, string detail, params ReadOnlySpan<(string Name, string? Value)> values) => Add(step, false, detail, values);

    public Verification Reject(string step, string reason, string detail, bool signatureValid = false)
    {
        Failed(step, detail);
        return new Verification.Rejected(reason, signatureValid, _steps);
    }

    /// <param name="finding">Code and sentence of the mistake that would explain it.</param>
    public Verification Diagnosed(string reason, (string Code, string Sentence) finding)
    {
        Failed(TraceSteps.Diagnosis, finding.Sentence, ("cause", finding.Code));
        return new Verification.Rejected(reason, SignatureValid: false, _steps);
    }

    public Verification Accept(VerifiedNotification notification) => new Verification.Accepted(notification, _steps);

    private void Add(string step, bool ok, string detail, ReadOnlySpan<(string Name, string? Value)> values)
    {
        var shown = new (string, string?)[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            shown[i] = (values[i].Name, values[i].Value is { Length: > MaxShown } value ? value[..MaxShown] + "…" : values[i].Value);
        }

        _steps.Add(new(step, ok, detail, shown.Length == 0 ? null : TraceValues.Of(shown)));
    }
}
