using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>
/// Verifies and reads a subscription webhook. Its sign covers the timestamp and nothing else: whoever has seen one can write any body
/// under it. So what is read here is a claim. It is booked only once (account, timestamp), and money only after BeeCloud was asked.
/// </summary>
internal sealed class BeeCloudSubscriptionWebhook(BeeCloudKeys keys)
{
    /// <summary>On both sides of the arrival; BeeCloud's demo looks at the past only.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public Verification Verify(RawNotification raw, BeeCloudJson json, BeeCloudTrace trace)
    {
        if (json.Text("sign") is not { Length: > 0 } sign)
        {
            return trace.Reject(TraceSteps.Signature, RejectionReasons.SignatureMissing, "The message has no sign, or an empty one.");
        }

        if (json.NumberToken("timestamp") is not { } timestamp || !BeeCloudWire.Milliseconds().IsMatch(timestamp))
        {
            return trace.Reject(TraceSteps.Parse, RejectionReasons.MalformedRequest, "The timestamp is not a number of milliseconds.");
        }

        trace.Step(TraceSteps.KeyChosen, "The account's App Secret.", ("fingerprint", Mask.Fingerprint(System.Text.Encoding.UTF8.GetBytes(keys.AppSecret))));
        trace.Step(TraceSteps.SignedText, "App ID, App Secret and timestamp, glued together; the rest of the message is not signed.", ("timestamp", timestamp));
        if (!BeeCloudSignature.Matches(BeeCloudSignature.SubscriptionWebhook(keys, timestamp), sign))
        {
            trace.Failed(TraceSteps.Signature, "The sign does not belong to this timestamp and this App Secret.");
            return trace.Diagnosed(RejectionReasons.SignatureInvalid, Diagnose(timestamp, sign));
        }

        trace.Step(TraceSteps.Signature, "Signed with the account's App Secret.");
        return Read(json, Freshness(raw, timestamp, trace), trace);
    }

    private static (long Timestamp, bool IsFresh) Freshness(RawNotification raw, string timestamp, BeeCloudTrace trace)
    {
        var milliseconds = long.Parse(timestamp, CultureInfo.InvariantCulture);
        var distance = Math.Abs(raw.ReceivedAt.ToUnixTimeMilliseconds() - milliseconds);
        var isFresh = distance <= Window.TotalMilliseconds;
        var seconds = (distance / 1000).ToString(CultureInfo.InvariantCulture);
        if (isFresh)
        {
            trace.Step(TraceSteps.Freshness, "Within five minutes of its arrival.", ("seconds", seconds));
        }
        else
        {
            trace.Failed(TraceSteps.Freshness, "More than five minutes from its arrival: it waits and is confirmed by a query.", ("seconds", seconds));
        }

        return (milliseconds, isFresh);
    }

    private Verification Read(BeeCloudJson json, (long Timestamp, bool IsFresh) clock, BeeCloudTrace trace)
    {
        if (Fact(json) is not { } fact)
        {
            return trace.Reject(TraceSteps.Parse, RejectionReasons.NotParsable, "Neither a subscription nor one of its charges.");
        }

        fact = fact with { Timestamp = clock.Timestamp, IsFresh = clock.IsFresh };
        trace.Step(TraceSteps.Parse, fact.Event == SubscriptionEvent.Registered ? "Read as a subscription." : "Read as a charge of a subscription.",
            ("subscription_id", fact.SubscriptionId), ("charge_id", fact.ChargeId), ("fee", fact.Amount?.ToString(CultureInfo.InvariantCulture)),
            ("trade_success", fact.Succeeded ? "true" : "false"));
        return trace.Accept(new VerifiedNotification
        {
            Kind = NotificationKind.Subscription,
            Source = NotificationSource.Notification,
            // The message has no number of its own; its timestamp can be used once.
            MessageId = fact.Timestamp.ToString(CultureInfo.InvariantCulture),
            OutTradeNo = fact.ChargeId ?? fact.SubscriptionId,
            Amount = fact.Amount,
            AppId = keys.AppId,
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(fact.Timestamp),
            Subscription = fact,
        });
    }

    /// <returns>Null when the message is not one of the two that this address takes.</returns>
    private static SubscriptionFact? Fact(BeeCloudJson json)
    {
        if (json.Text("transaction_id") is not { } number || !BeeCloudWire.OwnNumber().IsMatch(number) || json.Flag("trade_success") is not { } succeeded
            || json.Text("sub_channel_type") != BeeCloudWire.BySubscription)
        {
            return null;
        }

        var detail = json.Object("message_detail") ?? default;
        return json.Text("transaction_type") switch
        {
            BeeCloudWire.Subscription => Personal(new SubscriptionFact(SubscriptionEvent.Registered, succeeded) { SubscriptionId = number }, detail),
            BeeCloudWire.Pay => Personal(
                new SubscriptionFact(SubscriptionEvent.Charge, succeeded)
                {
                    ChargeId = number,
                    SubscriptionId = Own(detail, "subscription_id"),
                    Amount = json.NumberToken("transaction_fee") is { } fee && BeeCloudWire.Fen().IsMatch(fee) ? long.Parse(fee, CultureInfo.InvariantCulture) : null,
                },
                detail),
            _ => null,
        };
    }

    /// <summary>Of a person's papers and cards only the last four characters go further.</summary>
    private static SubscriptionFact Personal(SubscriptionFact fact, JsonElement detail) => detail.ValueKind != JsonValueKind.Object ? fact : fact with
    {
        PlanId = Short(detail, "plan_id"),
        BuyerId = Short(detail, "buyer_id"),
        CardId = Short(detail, "card_id"),
        BankName = Short(detail, "bank_name"),
        CardMasked = Mask.Payer(Short(detail, "card_no")),
        IdMasked = Mask.Payer(Short(detail, "id_no")),
        MobileMasked = Mask.Payer(Short(detail, "mobile")),
        FailureReason = Short(detail, "err_msg"),
    };

    private static string? Own(JsonElement detail, string name) =>
        detail.ValueKind == JsonValueKind.Object && BeeCloudJson.Text(detail, name) is { } text && BeeCloudWire.OwnNumber().IsMatch(text) ? text : null;

    private static string? Short(JsonElement detail, string name) =>
        BeeCloudJson.Text(detail, name) is not { Length: > 0 } text ? null : text.Length <= SubscriptionFact.MaxText ? text : text[..SubscriptionFact.MaxText];

    private (string Code, string Sentence) Diagnose(string timestamp, string sign) =>
        BeeCloudSignature.Matches(BeeCloudSignature.Rest(keys.AppId, timestamp, keys.AppSecret), sign)
            ? ("rest_order", "It fits the REST call's order of the fields: the sender mixes up sign and app_sign.")
        : BeeCloudSignature.Matches(BeeCloudSignature.SubscriptionWebhook(keys with { AppSecret = keys.MasterSecret }, timestamp), sign)
            ? ("master_secret", "It fits the Master Secret: whoever sent it signs with the wrong one of the two secrets.")
        : ("unknown", "No usual mistake explains it: another secret, a changed field, or a forgery.");
}
