using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Payments.Notifications;

/// <summary>One callback in a list.</summary>
/// <param name="IsProven">Its signature was proven.</param>
/// <param name="Repeats">How often the same bytes came again uncounted by rows.</param>
public sealed record NotificationRow(
    Guid Id, bool IsProven, DateTimeOffset ReceivedAt, string Channel, Guid AccountId, CallbackStatus Status, string Reason, int Attempts, int Repeats)
{
    public string? OutTradeNo { get; init; }

    public string? ChannelTransactionId { get; init; }

    public Guid? OrderId { get; init; }

    public string AccountName { get; init; } = "";

    public string? OrderNumber { get; init; }

    /// <summary>From the gateway's time of payment to the arrival; null where no payment is known.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Who replayed it last; null when nobody has.</summary>
    public string? ReplayedBy { get; init; }
}

/// <param name="Older">Cursor of the next page; null on the last.</param>
public sealed record NotificationPage(IReadOnlyList<NotificationRow> Rows, Guid? Older);

/// <summary>What happened in a time range. Rejected ones are those that are still kept.</summary>
/// <param name="P95">From payment to callback; null where no payment is known.</param>
public sealed record NotificationHealth(int Received, int Verified, int Rejected, int Quarantined, TimeSpan? P95);

/// <summary>One callback with all that is known of it.</summary>
/// <param name="Decoded">Its fields as name and value, payer ids masked; null where the bytes have no form that we know.</param>
public sealed record NotificationDetail(NotificationRow Row, Capture Capture, IReadOnlyList<AttemptDetail> Attempts, DecodedBody? Decoded)
{
    public ReplayPermission CanReplay => ReplayPolicy.CanReplay(Capture);
}

public sealed record AttemptDetail(CaptureAttempt Attempt, IReadOnlyList<TraceStep> Trace, IReadOnlyList<FieldChange> Changes)
{
    internal static AttemptDetail Of(CaptureAttempt attempt) => new(
        attempt,
        JsonSerializer.Deserialize<List<TraceStep>>(attempt.TraceJson.ToString()) ?? [],
        JsonSerializer.Deserialize<List<FieldChange>>(attempt.ChangesJson.ToString()) ?? []);
}

public sealed record NotificationAccount(Guid Id, string Name, string Channel);
