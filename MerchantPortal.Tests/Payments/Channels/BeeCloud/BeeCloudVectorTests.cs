using System.Globalization;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.BeeCloud;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Subscriptions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.BeeCloud;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed class BeeCloudVectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced.</summary>
    private static readonly Dictionary<string, string> NotReproducible = new()
    {
        ["seed003-beecloud-button-as-published"] = "the article shows the sign, but neither the app, nor its secret, nor the order that it belongs to",
    };

    private static readonly BeeCloudKeys Keys = new(BeeCloudFixture.AppId, BeeCloudFixture.AppSecret, BeeCloudFixture.MasterSecret, ConfirmsByQuery: true, InstantChannel: null);

    public static TheoryData<string> All => VectorFile.Ids("beecloud");

    [Theory]
    [MemberData(nameof(All))]
    public void Vector_holds(string id)
    {
        var vector = VectorFile.Find(id);
        Assert.Equal(!vector.Verified, NotReproducible.ContainsKey(id));
        switch (vector.Kind)
        {
            case "sign" when !vector.Verified:
                AssertNotReproduced(vector);
                break;
            case "sign":
                AssertSign(vector);
                break;
            case "notify" or "notify-negative" when vector.Inputs.GetProperty("request").GetProperty("path_hint").GetString() == "/webhook/payment":
                AssertPayment(vector);
                break;
            case "notify" or "notify-negative" when vector.Inputs.GetProperty("request").GetProperty("path_hint").GetString() == "/webhook/subscription":
                AssertSubscription(vector);
                break;
            default:
                Assert.Fail($"Vector {id} is of the unknown kind {vector.Kind}.");
                break;
        }
    }

    /// <summary>The article's own page: title "product", amount 1. Its order number is random and its app another one.</summary>
    private static void AssertNotReproduced(Vector vector)
    {
        Assert.Empty(vector.Inputs.EnumerateObject());
        var published = vector.Expected.GetProperty("sign").GetString();
        Assert.Matches("^[0-9a-f]{32}$", published);
        Assert.NotEqual(published, BeeCloudSignature.Button(Keys, "product", "1", "bc1234567"));
        Assert.NotEqual(published, BeeCloudSignature.Button(Keys, "你的订单", "1", "bc1234567"));
    }

    private static void AssertSign(Vector vector)
    {
        var inputs = vector.Inputs;
        if (vector.Expected.TryGetProperty("same_sign", out var same))
        {
            Assert.Equal(same.GetBoolean(), Button(inputs.GetProperty("a")) == Button(inputs.GetProperty("b")));
        }
        else if (vector.Expected.TryGetProperty("app_sign_with_app_secret", out var appSign))
        {
            var timestamp = inputs.GetProperty("timestamp").GetInt64().ToString(CultureInfo.InvariantCulture);
            Assert.Equal(appSign.GetString(), BeeCloudSignature.Rest(Keys.AppId, timestamp, Keys.AppSecret));
            Assert.Equal(vector.Expected.GetProperty("app_sign_with_master_secret").GetString(), BeeCloudSignature.Rest(Keys.AppId, timestamp, Keys.MasterSecret));
        }
        else
        {
            Assert.Equal(vector.Expected.GetProperty("sign").GetString(), Button(inputs));
        }
    }

    private static string Button(System.Text.Json.JsonElement order) => BeeCloudSignature.Button(
        Keys, order.GetProperty("title").GetString() ?? "", order.GetProperty("amount").GetInt64().ToString(CultureInfo.InvariantCulture),
        order.GetProperty("out_trade_no").GetString() ?? "");

    private static void AssertPayment(Vector vector)
    {
        var channel = BeeCloudFixture.Open();
        var verification = channel.Verify(Raw(vector, ""));
        var decision = verification is Verification.Accepted accepted
            ? PaymentStateMachine.Decide(Snapshot(vector, accepted.Notification), accepted.Notification)
            : null;

        AssertExpected(vector, verification, decision?.Outcome, channel);
    }

    /// <summary>As the portal does: what is stale waits, what comes under a used timestamp is refused, the rest is decided.</summary>
    private static void AssertSubscription(Vector vector)
    {
        var channel = BeeCloudFixture.Open();
        var verification = channel.Verify(Raw(vector, "/subscription"));
        var seen = vector.Inputs.GetProperty("context").TryGetProperty("seen_timestamps", out var list) ? list.EnumerateArray().Select(item => item.GetInt64()).ToList() : [];
        CallbackStatus? outcome = verification is not Verification.Accepted { Notification.Subscription: { } fact } ? null
            : seen.Contains(fact.Timestamp) ? CallbackStatus.Rejected
            : !fact.IsFresh ? CallbackStatus.Deferred
            // BeeCloud's own renewals say whose they are; one that fails need not.
            : SubscriptionStateMachine.Decide(new SubscriptionSnapshot(null, null, null, IsOwnBill: false), fact).Outcome;

        AssertExpected(vector, verification, outcome, channel);
        if (verification is Verification.Accepted accepted)
        {
            Assert.Equal(accepted.Notification.Subscription is { Event: SubscriptionEvent.Charge }, channel.NeedsConfirmation(accepted.Notification));
        }
    }

    private static void AssertExpected(Vector vector, Verification verification, CallbackStatus? outcome, IPaymentChannel channel)
    {
        var verified = verification is Verification.Accepted or Verification.Rejected { SignatureValid: true };
        Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verified);
        Assert.Equal(vector.Expected.GetProperty("apply").GetBoolean(), outcome == CallbackStatus.Applied);
        string[] allowed = vector.Expected.GetProperty("ack").GetString() switch
        {
            "success" => ["success"],
            "failure" => ["fail"],
            "any" => ["success", "fail"],
            var other => throw new InvalidDataException(other),
        };
        Assert.Contains(channel.Acknowledge(outcome ?? CallbackStatus.Rejected).Body, allowed);
    }

    private static RawNotification Raw(Vector vector, string kind)
    {
        var request = vector.Inputs.GetProperty("request");
        var clock = vector.Inputs.GetProperty("context").GetProperty("clock_ms").GetInt64();
        return BeeCloudFixture.Post(
            Vector.Body(request), kind, request.GetProperty("method").GetString() ?? "", request.GetProperty("headers").GetProperty("Content-Type").GetString() ?? "")
            with
        { ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(clock) };
    }

    /// <summary>What the vector says of our order and our refund; null when the message names others.</summary>
    private static PaymentSnapshot? Snapshot(Vector vector, VerifiedNotification message)
    {
        var context = vector.Inputs.GetProperty("context");
        var order = context.GetProperty("order");
        var amount = order.GetProperty("amount_fen").GetInt64();
        var appId = context.GetProperty("merchant").GetProperty("app_id").GetString() ?? "";
        if (message.Refund is { } fact)
        {
            // What is given back was paid before, whatever the vector's order says of itself.
            return context.GetProperty("refund").GetProperty("refund_no").GetString() != fact.RefundNo ? null : new PaymentSnapshot(
                OrderStatus.Paid, AttemptStatus.Paid, amount, appId, appId, TransactionRecord.None, amount, Refunded: 0,
                new RefundSnapshot(RefundStatus.Processing, context.GetProperty("refund").GetProperty("amount_fen").GetInt64()));
        }

        var paid = order.GetProperty("status").GetString() == "PAID";
        return order.GetProperty("bill_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            paid ? OrderStatus.Paid : OrderStatus.Pending, paid ? AttemptStatus.Paid : AttemptStatus.Prompted, amount, appId, appId,
            paid ? TransactionRecord.ThisAttempt : TransactionRecord.None, paid ? amount : 0, Refunded: 0, Refund: null);
    }
}
