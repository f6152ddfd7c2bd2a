using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// The way of one notification from bytes to a verified message: headers, key, freshness, signature over the bytes, and only then
/// JSON and decryption. Each step leaves its line in the trace. One instance per message.
/// </summary>
internal sealed class WeChatPayV3Verification(WeChatPayV3Keys keys, RawNotification raw)
{
    /// <summary>A message this many seconds away from our clock, or more, is refused.</summary>
    internal const long WindowSeconds = 300;

    /// <summary>How much of a refused body the trace repeats; the capture has it whole.</summary>
    private const int MaxShownBytes = 4096;

    /// <summary>Bytes of a nonce or of the associated data.</summary>
    private const int MaxShortText = 64;

    private static readonly TraceStep Signed = new(TraceSteps.Signature, true, "Valid.");

    private readonly List<TraceStep> _trace = new(9);

    internal Verification Run()
    {
        if (raw.TooLarge)
        {
            return Unproven(TraceSteps.Received, RejectionReasons.BodyTooLarge, "The body is over the limit and was not read.");
        }

        _trace.Add(new(TraceSteps.Received, true, "Captured as it arrived.", TraceValues.Of(
            ("bytes", raw.Body.Length.ToString(CultureInfo.InvariantCulture)),
            ("content_type", raw.Header("content-type")),
            ("request_id", raw.Header("request-id")))));
        return WeChatPayV3Headers.Read(raw.Headers) switch
        {
            WeChatPayV3Headers.Reading.Present(var headers) => Authenticate(headers) ?? Open(),
            WeChatPayV3Headers.Reading.Refused(var reason, var detail) => Unproven(TraceSteps.Headers, reason, detail),
            _ => throw new InvalidOperationException("Headers are either present or refused."),
        };
    }

    /// <returns>Null when the bytes are the gateway's own.</returns>
    private Verification.Rejected? Authenticate(WeChatPayV3Headers headers)
    {
        _trace.Add(new(TraceSteps.Headers, true, "All signature headers are present.", TraceValues.Of(
            (WeChatPayV3Headers.TimestampName, headers.Timestamp), (WeChatPayV3Headers.NonceName, headers.Nonce), (WeChatPayV3Headers.SerialName, headers.Serial))));
        if (keys.Find(headers.Serial, raw.ReceivedAt) is not { } key)
        {
            return Unproven(TraceSteps.KeyChosen, RejectionReasons.UnknownKey, $"No key with the serial {headers.Serial} belongs to this account.", headers);
        }

        _trace.Add(new(TraceSteps.KeyChosen, true, "The key is one of this account's ring.", TraceValues.Of(("serial", headers.Serial))));
        var age = raw.ReceivedAt.ToUnixTimeSeconds() - headers.UnixSeconds;
        var isFresh = Math.Abs(age) < WindowSeconds;
        _trace.Add(new(TraceSteps.Freshness, isFresh, isFresh
            ? "Signed within the allowed time."
            : string.Create(CultureInfo.InvariantCulture, $"Signed {age} s before it arrived; less than {WindowSeconds} s either way is allowed."),
            TraceValues.Of(("age_seconds", age.ToString(CultureInfo.InvariantCulture)))));
        _trace.Add(new(TraceSteps.SignedText, true, "timestamp ⏎ nonce ⏎ body ⏎", TraceValues.Of(("body_sha256", BodyHash()))));
        if (!WeChatPayV3Signature.IsValid(key, headers, raw.Body.Span))
        {
            _trace[^1] = _trace[^1] with { Values = TraceValues.Of(("text", SignedText(headers))) };
            return Unproven(TraceSteps.Signature, RejectionReasons.SignatureInvalid, "The signature does not fit these bytes and this key.", headers);
        }

        _trace.Add(Signed);
        return isFresh ? null : Stale(headers);
    }

    /// <summary>
    /// Genuine, but too old or too new: it was held up, sent a second time by somebody who has seen it, or our clock is wrong. It books nothing;
    /// what it is about can be asked.
    /// </summary>
    private Verification.Rejected Stale(WeChatPayV3Headers headers)
    {
        var told = Open() as Verification.Accepted;
        _trace.Add(WeChatPayV3Diagnosis.Explain(keys, headers, raw, RejectionReasons.Stale));
        return new(RejectionReasons.Stale, SignatureValid: false, _trace) { AskAbout = told?.Notification.OutTradeNo };
    }

    private string BodyHash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(raw.Body.Span, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The text that should have been signed, with its line ends visible. Sealed content only, so nothing in it needs a mask.</summary>
    private string SignedText(WeChatPayV3Headers headers)
    {
        var body = Encoding.UTF8.GetString(raw.Body.Span[..Math.Min(raw.Body.Length, MaxShownBytes)]);
        var rest = raw.Body.Length > MaxShownBytes ? $"… (+{raw.Body.Length - MaxShownBytes} bytes)" : "";
        return $"{headers.Timestamp}⏎\n{headers.Nonce}⏎\n{body}{rest}⏎";
    }

    private Verification Open()
    {
        if (WeChatPayV3Reader.Read(raw.Body, static json => new Envelope(EnvelopeMessage.Read(json))) is not { } outer)
        {
            return Genuine(TraceSteps.Parse, RejectionReasons.NotParsable, "The body is not a JSON object.");
        }

        using var envelope = outer.Message;
        if (envelope is null)
        {
            return Genuine(TraceSteps.Parse, RejectionReasons.NotParsable, "The body lacks a part of the sealed content.");
        }

        if (envelope.Algorithm != WeChatPayV3Resource.Algorithm)
        {
            return Genuine(TraceSteps.Decrypt, RejectionReasons.UnsupportedAlgorithm, $"The content is sealed with something else than {WeChatPayV3Resource.Algorithm}.");
        }

        var plaintext = ArrayPool<byte>.Shared.Rent(envelope.Ciphertext.Length);
        try
        {
            return Decrypt(envelope, plaintext.AsMemory(0, Math.Max(0, envelope.Ciphertext.Length - WeChatPayV3Resource.TagLength)));
        }
        finally
        {
            // It holds the payer's id.
            ArrayPool<byte>.Shared.Return(plaintext, clearArray: true);
        }
    }

    private Verification Decrypt(EnvelopeMessage envelope, Memory<byte> plaintext)
    {
        var nonce = Bytes(envelope.Nonce, stackalloc byte[MaxShortText]);
        var associated = Bytes(envelope.AssociatedData, stackalloc byte[MaxShortText]);
        if (WeChatPayV3Resource.Open(keys.ApiV3Key, nonce, associated, envelope.Ciphertext.Span, plaintext.Span) is { } failure)
        {
            return Genuine(TraceSteps.Decrypt, RejectionReasons.DecryptFailed, failure);
        }

        _trace.Add(new(TraceSteps.Decrypt, true, "Opened with the APIv3 key.", TraceValues.Of(
            ("event_type", Brief(envelope.EventType)), ("original_type", Brief(envelope.OriginalType)), ("id", Brief(envelope.Id)))));
        return WeChatPayV3Reader.Read(plaintext, json => WeChatPayV3Mapping.OfNotification(envelope, json)) is { } notification
            ? Accept(notification)
            : Genuine(TraceSteps.Parse, RejectionReasons.NotParsable, "The content is not a JSON object.");
    }

    /// <param name="room">Is enough for what the gateway sends.</param>
    private static ReadOnlySpan<byte> Bytes(string text, Span<byte> room) =>
        Encoding.UTF8.TryGetBytes(text, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(text);

    private Verification.Accepted Accept(VerifiedNotification notification)
    {
        _trace.Add(new(TraceSteps.Parse, true, notification.Kind == NotificationKind.Unrecognized
                ? "Genuine, but of a kind or state that is not known, or at odds with itself."
                : "Read.",
            TraceValues.Of(
                ("kind", notification.Kind.ToString()),
                ("out_trade_no", Brief(notification.OutTradeNo)),
                ("transaction_id", Brief(notification.ChannelTransactionId)),
                ("payer", notification.PayerMasked))));
        return new(notification, _trace);
    }

    private Verification.Rejected Unproven(string step, string reason, string detail, WeChatPayV3Headers? headers = null)
    {
        _trace.Add(new(step, false, detail));
        if (headers is not null)
        {
            _trace.Add(WeChatPayV3Diagnosis.Explain(keys, headers, raw, reason));
        }

        return new(reason, SignatureValid: false, _trace);
    }

    private Verification.Rejected Genuine(string step, string reason, string detail)
    {
        _trace.Add(new(step, false, detail));
        return new(reason, SignatureValid: true, _trace);
    }

    private static string? Brief(string? text) => text is { Length: > 64 } ? $"{text[..64]}…" : text;

    private sealed record Envelope(EnvelopeMessage? Message);
}
