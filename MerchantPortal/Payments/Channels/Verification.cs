using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels;

/// <summary>What a channel makes of raw bytes. <see cref="Trace"/> lists each step that was taken, for the admin.</summary>
public abstract record Verification(IReadOnlyList<TraceStep> Trace)
{
    /// <summary>The gateway's own message. What it means for an order is decided elsewhere.</summary>
    public sealed record Accepted(VerifiedNotification Notification, IReadOnlyList<TraceStep> Trace) : Verification(Trace);

    /// <param name="Reason">A stable code, see <see cref="RejectionReasons"/>.</param>
    /// <param name="SignatureValid">
    /// True when the bytes are the gateway's own and only the content could not be read (wrong APIv3 key, not JSON):
    /// such a capture is kept for good and can be replayed after the key is mended.
    /// </param>
    public sealed record Rejected(string Reason, bool SignatureValid, IReadOnlyList<TraceStep> Trace) : Verification(Trace)
    {
        /// <summary>The number of ours that it is about, where the gateway did sign it, only too long ago: worth a question, and no more. Else null.</summary>
        public string? AskAbout { get; init; }
    }
}

/// <summary>Stable codes for why a capture was not verified. The README's troubleshooting chapter lists each.</summary>
public static class RejectionReasons
{
    public const string BodyTooLarge = "body_too_large";
    public const string HeaderMissing = "header_missing";
    public const string MalformedRequest = "malformed_request";
    public const string DuplicateField = "duplicate_field";
    public const string UnsupportedAlgorithm = "unsupported_algorithm";
    public const string UnknownKey = "unknown_key";
    public const string Stale = "stale";
    public const string SignatureMissing = "signature_missing";
    public const string SignatureInvalid = "signature_invalid";
    public const string DecryptFailed = "decrypt_failed";
    public const string NotParsable = "not_parsable";
    public const string NotConfirmed = "not_confirmed";
    public const string SourceUnknown = "source_unknown";
    public const string TimestampReused = "timestamp_reused";
}
