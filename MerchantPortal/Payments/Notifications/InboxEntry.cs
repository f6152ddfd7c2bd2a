using MerchantPortal.Data;

namespace MerchantPortal.Payments.Notifications;

/// <summary>A request to a notify address as it is kept: raw bytes, evidence, verdict. Bytes and arrival never change.</summary>
public abstract class Capture
{
    /// <summary>Made of <see cref="ReceivedAt"/>, see <see cref="CaptureTime"/>.</summary>
    public required Guid Id { get; init; }

    public required Guid StoreId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required string Channel { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string QueryString { get; init; }

    /// <summary>JSON object of the channel's evidence headers.</summary>
    public required PackedText HeadersJson { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>SHA-256 of <see cref="Body"/>.</summary>
    public required byte[] BodyHash { get; init; }

    public required string RemoteAddress { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public CallbackStatus Status { get; set; }

    /// <summary>Code of the newest attempt: a <c>RejectionReasons</c> or <c>DecisionReasons</c> value.</summary>
    public required string Reason { get; set; }

    /// <summary>Number of attempts made on it; the arrival is the first.</summary>
    public int Attempts { get; set; }
}

/// <summary>
/// A capture whose signature was proven. Kept for good. Its genuine but unreadable ones have the status
/// <see cref="CallbackStatus.Rejected"/> and wait for a mended key.
/// </summary>
public sealed class InboxEntry : Capture, IVersioned
{
    public string? MessageId { get; set; }

    public string? OutTradeNo { get; set; }

    public string? ChannelTransactionId { get; set; }

    public Guid? OrderId { get; set; }

    /// <summary>Takes over the numbers by which a callback is found.</summary>
    internal void Describe(VerifiedNotification message) =>
        (MessageId, OutTradeNo, ChannelTransactionId) = (message.MessageId, message.OutTradeNo, message.ChannelTransactionId);

    /// <summary>When the gateway confirmed the message; null where that was not needed, or has not happened yet.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>How often the same bytes came again after enough of them were stored; they were answered, and only counted.</summary>
    public int Repeats { get; set; }

    /// <summary>When the portal tries by itself again; null when it does not.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Concurrency token.</summary>
    public int Version { get; set; }
}

/// <summary>
/// A capture that was not proven. Lives in a ring of bounded number and size, apart from the inbox, and is never applied: it can
/// only be verified again with the keys of today, and moves to the inbox when that succeeds.
/// </summary>
public sealed class RejectedCapture : Capture;

/// <summary>One processing of a capture: the arrival, a retry by the portal, or a replay by a person. Append-only.</summary>
public sealed class CaptureAttempt
{
    public required Guid CaptureId { get; init; }

    /// <summary>1 is the arrival.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Accounts.ActorKind ActorKind { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Why a person replayed it; null for the arrival and for retries.</summary>
    public string? ReplayReason { get; init; }

    public required CallbackStatus Outcome { get; init; }

    public required string Reason { get; init; }

    /// <summary>JSON array of <c>TraceStep</c>.</summary>
    public required PackedText TraceJson { get; init; }

    /// <summary>JSON array of <c>Data.FieldChange</c>: what the attempt wrote.</summary>
    public required PackedText ChangesJson { get; init; }
}
