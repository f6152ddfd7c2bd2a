using System.Security.Cryptography;
using System.Text.Json;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Keeps captures: proven ones in the inbox for good, the others in a ring of bounded number.</summary>
internal static class CaptureStore
{
    /// <summary>Unproven captures kept per account; the oldest make room. With bodies of at most 64 KiB this bounds the disk too.</summary>
    internal const int RingSize = 500;

    /// <summary>Identical duplicates kept per account; beyond that they are only counted, in <see cref="InboxEntry.Repeats"/>.</summary>
    internal const int MaxIdenticalDuplicates = 20;

    private static readonly JsonSerializerOptions PlainJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static InboxEntry NewInboxEntry(RawNotification raw, ChannelAccount account) => new()
    {
        Id = CaptureTime.NewId(raw.ReceivedAt),
        StoreId = account.StoreId,
        ChannelAccountId = account.Id,
        Channel = raw.Channel,
        Method = raw.Method,
        Path = raw.Path,
        QueryString = raw.QueryString,
        HeadersJson = PackedText.Of(JsonSerializer.Serialize(raw.Headers, PlainJson)),
        Body = raw.Body.ToArray(),
        BodyHash = SHA256.HashData(raw.Body.Span),
        RemoteAddress = raw.RemoteAddress,
        ReceivedAt = raw.ReceivedAt,
        Reason = "",
    };

    public static RejectedCapture NewRejected(RawNotification raw, ChannelAccount account) => new()
    {
        Id = CaptureTime.NewId(raw.ReceivedAt),
        StoreId = account.StoreId,
        ChannelAccountId = account.Id,
        Channel = raw.Channel,
        Method = raw.Method,
        Path = raw.Path,
        QueryString = raw.QueryString,
        HeadersJson = PackedText.Of(JsonSerializer.Serialize(raw.Headers, PlainJson)),
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
        JsonSerializer.Deserialize<Dictionary<string, string>>(capture.HeadersJson.ToString()) ?? [],
        capture.Body,
        capture.ReceivedAt,
        capture.RemoteAddress)
    { TooLarge = capture.Reason == RejectionReasons.BodyTooLarge };

    /// <returns>Null when the store has no such capture, in the inbox or in the ring.</returns>
    public static async Task<Capture?> FindAsync(PortalDbContext db, Guid captureId, Guid storeId, CancellationToken cancellationToken) =>
        (Capture?)await db.Inbox.SingleOrDefaultAsync(row => row.Id == captureId && row.StoreId == storeId, cancellationToken)
        ?? await db.RejectedCaptures.SingleOrDefaultAsync(row => row.Id == captureId && row.StoreId == storeId, cancellationToken);

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

    /// <summary>
    /// Adds one attempt to a capture and makes its result the capture's own. What a capture has once applied stays applied,
    /// whatever later attempts on it find.
    /// </summary>
    public static void AddAttempt(PortalDbContext db, Capture capture, AttemptVerdict verdict, AttemptBy by) =>
        db.CaptureAttempts.Add(NewAttempt(capture, verdict, by, FieldChange.Of(db.ChangeTracker)));

    /// <summary>As <see cref="AddAttempt"/>, for a row that the caller writes.</summary>
    public static CaptureAttempt NewAttempt(Capture capture, AttemptVerdict verdict, AttemptBy by, IReadOnlyList<FieldChange> changes)
    {
        if (capture.Attempts == 0 || capture.Status != CallbackStatus.Applied)
        {
            capture.Status = verdict.Outcome;
            capture.Reason = verdict.Reason;
        }

        capture.Attempts++;
        return new CaptureAttempt
        {
            CaptureId = capture.Id,
            Number = capture.Attempts,
            At = by.At,
            ActorKind = by.Actor.Kind,
            ActorName = by.Actor.Name,
            ReplayReason = by.ReplayReason,
            Outcome = verdict.Outcome,
            Reason = verdict.Reason,
            TraceJson = PackedText.Of(JsonSerializer.Serialize(verdict.Trace, PlainJson)),
            ChangesJson = PackedText.Of(JsonSerializer.Serialize(changes, PlainJson)),
        };
    }

    /// <summary>
    /// When enough identical duplicates are kept already, this new one is counted on the newest of them instead of being stored:
    /// whoever repeats a genuine message without end must not fill the disk. Two at the same moment may both be stored.
    /// </summary>
    public static async Task CountWhenRepeatedAsync(PortalDbContext db, InboxEntry duplicate, CancellationToken cancellationToken)
    {
        var twins = await db.Inbox.Where(row => row.OrderId == duplicate.OrderId && row.ChannelAccountId == duplicate.ChannelAccountId
                && row.BodyHash == duplicate.BodyHash && row.QueryString == duplicate.QueryString && row.Status == CallbackStatus.Duplicate)
            .OrderByDescending(row => row.Id).Select(row => row.Id).Take(MaxIdenticalDuplicates).ToListAsync(cancellationToken);
        if (twins.Count < MaxIdenticalDuplicates)
        {
            return;
        }

        var newest = twins[0];
        await db.Inbox.Where(row => row.Id == newest)
            .ExecuteUpdateAsync(row => row.SetProperty(entry => entry.Repeats, entry => entry.Repeats + 1), cancellationToken);
        foreach (var attempt in db.ChangeTracker.Entries<CaptureAttempt>().Where(entry => entry.Entity.CaptureId == duplicate.Id).ToList())
        {
            attempt.State = EntityState.Detached;
        }

        db.Entry(duplicate).State = EntityState.Detached;
    }

    /// <summary>
    /// Counts a message of a subscription on the stored capture that has the same bytes. A sign that covers a timestamp alone must not fill the inbox with
    /// one and the same message.
    /// </summary>
    /// <returns>What to answer: the copy is done where the stored one is. Null when nothing like it is stored.</returns>
    public static async Task<CallbackStatus?> CountOnTwinAsync(PortalDbContext db, InboxEntry copy, CancellationToken cancellationToken)
    {
        var twin = await db.Inbox.Where(row => row.OrderId == null && row.ChannelAccountId == copy.ChannelAccountId && row.BodyHash == copy.BodyHash)
            .OrderByDescending(row => row.Id).Select(row => new { row.Id, row.Status }).FirstOrDefaultAsync(cancellationToken);
        if (twin is null)
        {
            return null;
        }

        await db.Inbox.Where(row => row.Id == twin.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(entry => entry.Repeats, entry => entry.Repeats + 1), cancellationToken);
        return twin.Status == CallbackStatus.Applied ? CallbackStatus.Duplicate : twin.Status;
    }

    /// <summary>Drops the account's oldest unproven captures beyond <see cref="RingSize"/>, with their attempts.</summary>
    public static async Task TrimRingAsync(PortalDbContext db, Guid accountId, CancellationToken cancellationToken)
    {
        // The row's lock, held to the commit: two that trim at once would each leave room for one and then add two.
        await db.ChannelAccounts.Where(row => row.Id == accountId)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.Version, account => account.Version), cancellationToken);
        var surplus = await db.RejectedCaptures.Where(row => row.ChannelAccountId == accountId)
            .OrderByDescending(row => row.Id).Skip(RingSize - 1).Select(row => row.Id).ToListAsync(cancellationToken);
        if (surplus.Count > 0)
        {
            await db.CaptureAttempts.Where(row => surplus.Contains(row.CaptureId)).ExecuteDeleteAsync(cancellationToken);
            await db.RejectedCaptures.Where(row => surplus.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
