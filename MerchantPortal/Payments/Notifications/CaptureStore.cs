using System.Security.Cryptography;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Keeps captures: proven ones in the inbox for good, the others in a ring of bounded number.</summary>
internal static class CaptureStore
{
    /// <summary>Unproven captures kept per account; the oldest make room. With bodies of at most 64 KiB this bounds the disk too.</summary>
    internal const int RingSize = 500;

    private static readonly JsonSerializerOptions TraceJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static InboxEntry NewInboxEntry(RawNotification raw, ChannelAccount account) => new()
    {
        StoreId = account.StoreId,
        ChannelAccountId = account.Id,
        Channel = raw.Channel,
        Method = raw.Method,
        Path = raw.Path,
        QueryString = raw.QueryString,
        HeadersJson = JsonSerializer.Serialize(raw.Headers),
        Body = raw.Body.ToArray(),
        BodyHash = SHA256.HashData(raw.Body.Span),
        RemoteAddress = raw.RemoteAddress,
        ReceivedAt = raw.ReceivedAt,
        Reason = "",
    };

    public static RejectedCapture NewRejected(RawNotification raw, ChannelAccount account) => new()
    {
        StoreId = account.StoreId,
        ChannelAccountId = account.Id,
        Channel = raw.Channel,
        Method = raw.Method,
        Path = raw.Path,
        QueryString = raw.QueryString,
        HeadersJson = JsonSerializer.Serialize(raw.Headers),
        Body = raw.Body.ToArray(),
        BodyHash = SHA256.HashData(raw.Body.Span),
        RemoteAddress = raw.RemoteAddress,
        ReceivedAt = raw.ReceivedAt,
        Status = CallbackStatus.Rejected,
        Reason = "",
    };

    /// <summary>The stored bytes as they arrived: what a replay verifies.</summary>
    public static RawNotification ToRaw(this Capture capture) => new(
        capture.ChannelAccountId,
        capture.Channel,
        capture.Method,
        capture.Path,
        capture.QueryString,
        JsonSerializer.Deserialize<Dictionary<string, string>>(capture.HeadersJson) ?? [],
        capture.Body,
        capture.ReceivedAt,
        capture.RemoteAddress);

    /// <summary>Moves a capture out of the ring, now that its signature is proven. Same id, same bytes, same attempts.</summary>
    public static InboxEntry MoveToInbox(PortalDbContext db, RejectedCapture rejected)
    {
        var entry = new InboxEntry
        {
            Id = rejected.Id,
            StoreId = rejected.StoreId,
            ChannelAccountId = rejected.ChannelAccountId,
            Channel = rejected.Channel,
            Method = rejected.Method,
            Path = rejected.Path,
            QueryString = rejected.QueryString,
            HeadersJson = rejected.HeadersJson,
            Body = rejected.Body,
            BodyHash = rejected.BodyHash,
            RemoteAddress = rejected.RemoteAddress,
            ReceivedAt = rejected.ReceivedAt,
            Status = rejected.Status,
            Reason = rejected.Reason,
            Attempts = rejected.Attempts,
        };
        db.RejectedCaptures.Remove(rejected);
        db.Inbox.Add(entry);
        return entry;
    }

    /// <summary>Adds one attempt to a capture and makes its result the capture's own.</summary>
    public static void AddAttempt(
        PortalDbContext db, Capture capture, CallbackStatus outcome, string reason, IReadOnlyList<TraceStep> trace, Actor actor, string? replayReason, DateTimeOffset now)
    {
        capture.Status = outcome;
        capture.Reason = reason;
        capture.Attempts++;
        db.CaptureAttempts.Add(new CaptureAttempt
        {
            CaptureId = capture.Id,
            Number = capture.Attempts,
            At = now,
            ActorKind = actor.Kind,
            ActorName = actor.Name,
            ReplayReason = replayReason,
            Outcome = outcome,
            Reason = reason,
            TraceJson = JsonSerializer.Serialize(trace, TraceJson),
            ChangesJson = JsonSerializer.Serialize(FieldChange.Of(db.ChangeTracker), TraceJson),
        });
    }

    /// <summary>Drops the account's oldest unproven captures beyond <see cref="RingSize"/>, with their attempts.</summary>
    public static async Task TrimRingAsync(PortalDbContext db, Guid accountId, CancellationToken cancellationToken)
    {
        var surplus = await db.RejectedCaptures.Where(row => row.ChannelAccountId == accountId)
            .OrderByDescending(row => row.Id).Skip(RingSize - 1).Select(row => row.Id).ToListAsync(cancellationToken);
        if (surplus.Count > 0)
        {
            await db.CaptureAttempts.Where(row => surplus.Contains(row.CaptureId)).ExecuteDeleteAsync(cancellationToken);
            await db.RejectedCaptures.Where(row => surplus.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
