using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayMapi;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.AlipayMapi;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed class AlipayMapiVectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced.</summary>
    private static readonly Dictionary<string, string> NotReproducible = new()
    {
        ["seed004-alipay-notify-rsa"] = "its source prints neither the key nor the same fields twice",
    };

    public static TheoryData<string> All => VectorFile.Ids("alipay-mapi");

    [Theory]
    [MemberData(nameof(All))]
    public async Task Vector_holds(string id)
    {
        var vector = VectorFile.Find(id);
        Assert.Equal(!vector.Verified, NotReproducible.ContainsKey(id));
        switch (vector.Kind)
        {
            case "sign":
                AssertSign(vector);
                break;
            case "verify":
                AssertNotVerifiable(vector);
                break;
            case "canonical":
                AssertCanonical(vector);
                break;
            case "notify" or "notify-negative":
                await AssertNotifyAsync(vector);
                break;
            default:
                Assert.Fail($"Vector {id} is of the unknown kind {vector.Kind}.");
                break;
        }
    }

    private static void AssertSign(Vector vector)
    {
        var text = vector.Inputs.GetProperty("string_to_sign").GetString() ?? "";
        var signature = vector.Inputs.TryGetProperty("params", out _) ? AlipayMapiFixture.Signature() : AlipayMapiSignature.Of(OwnKey(vector));
        Assert.Equal(vector.Expected.GetProperty("sign").GetString(), signature.Sign(text));
        if (vector.Expected.TryGetProperty("order_string", out var order))
        {
            Assert.Equal(order.GetString(), AlipayMapiOrderString.Signed(text, signature));
        }

        if (vector.Expected.TryGetProperty("url", out var url))
        {
            var fields = vector.Inputs.GetProperty("params").EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString() ?? "")).ToList();
            Assert.Equal(text, AlipayMapiRequest.Text(fields));
            Assert.Equal(url.GetString(), AlipayMapiRequest.Signed(new Uri("https://mapi.alipay.com/gateway.do"), signature, fields).AbsoluteUri);
        }
    }

    private static void AssertNotVerifiable(Vector vector)
    {
        var fields = Params(vector);
        var body = string.Join('&', fields.Append(new("sign", vector.Inputs.GetProperty("sign").GetString() ?? ""))
            .Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));

        var verification = AlipayMapiFixture.Open("RSA").Verify(AlipayMapiFixture.Post(Encoding.ASCII.GetBytes(body)));

        Assert.Equal(JsonValueKind.Null, vector.Expected.GetProperty("valid").ValueKind);
        Assert.Equal(RejectionReasons.SignatureInvalid, Assert.IsType<Verification.Rejected>(verification).Reason);
    }

    private static void AssertCanonical(Vector vector)
    {
        if (vector.Expected.TryGetProperty("url", out var url))
        {
            var request = new AlipayMapiRequest(
                vector.Inputs.GetProperty("partner").GetString() ?? "", null, AlipayMapiFixture.Signature(), new Uri("https://mapi.alipay.com/"), TimeProvider.System);
            Assert.Equal(url.GetString(), request.NotifyVerify(vector.Inputs.GetProperty("notify_id").GetString() ?? "").AbsoluteUri);
            return;
        }

        var body = string.Join('&', Params(vector).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        var form = Assert.IsType<RawFormResult.Parsed>(RawForm.Read(Encoding.ASCII.GetBytes(body))).Form;
        var text = vector.Expected.GetProperty("string_to_sign").GetString();
        Assert.Equal(text, Encoding.UTF8.GetString(AlipayOpenApiSignature.NotificationText(form.Fields, keepEmpty: false)));
        Assert.Equal(text, AlipayMapiRequest.Text(Params(vector)));
    }

    private static async Task AssertNotifyAsync(Vector vector)
    {
        var context = vector.Inputs.GetProperty("context");
        var word = context.TryGetProperty("notify_verify_answer", out var answer) ? answer.GetString() ?? "" : "true";
        var channel = AlipayMapiFixture.Open(context.GetProperty("merchant").GetProperty("sign_type").GetString() ?? "", MapiStub.Saying(word));
        var request = vector.Inputs.GetProperty("request");
        var raw = AlipayMapiFixture.Post(
            Vector.Body(request), request.GetProperty("headers").GetProperty("Content-Type").GetString() ?? "", request.GetProperty("method").GetString() ?? "");

        var verification = channel.Verify(raw);
        var outcome = verification is Verification.Accepted accepted ? await OutcomeAsync(channel, raw, vector, accepted.Notification) : CallbackStatus.Rejected;

        Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verification is Verification.Accepted);
        Assert.Equal(vector.Expected.GetProperty("apply").GetBoolean(), outcome == CallbackStatus.Applied);
        AssertAck(vector.Expected.GetProperty("ack").GetString() ?? "", channel.Acknowledge(outcome));
    }

    private static async Task<CallbackStatus> OutcomeAsync(IConfirmingChannel channel, RawNotification raw, Vector vector, VerifiedNotification message) =>
        channel.NeedsConfirmation(message) && await channel.ConfirmAsync(raw, message, CancellationToken.None) is not Confirmation.Confirmed
            ? CallbackStatus.Rejected
            : PaymentStateMachine.Decide(Snapshot(vector, message), message).Outcome;

    private static void AssertAck(string expected, Acknowledgement acknowledgement)
    {
        Assert.Equal((200, "text/plain"), (acknowledgement.StatusCode, acknowledgement.ContentType));
        string[] allowed = expected switch
        {
            "success" => ["success"],
            "failure" => ["fail"],
            "any" => ["success", "fail"],
            _ => throw new InvalidDataException(expected),
        };
        Assert.Contains(acknowledgement.Body, allowed);
    }

    /// <summary>What the vector says of our order; null when the message names another one.</summary>
    private static PaymentSnapshot? Snapshot(Vector vector, VerifiedNotification message)
    {
        var context = vector.Inputs.GetProperty("context");
        var order = context.GetProperty("order");
        var amount = Money.ParseYuan(order.GetProperty("amount_yuan").GetString()) ?? throw new InvalidDataException(vector.Id);
        var status = Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true);
        return order.GetProperty("out_trade_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            status, AttemptStatus.Prompted, amount, "", context.GetProperty("merchant").GetProperty("partner").GetString() ?? "",
            TransactionRecord.None, Paid: 0, Refunded: 0, Refund: null);
    }

    private static JsonObject OwnKey(Vector vector) => new()
    {
        ["sign_type"] = "RSA",
        ["private_key"] = vector.Keys[0].GetProperty("private_pem").GetString(),
        ["alipay_public_key"] = VectorFile.Key("alipay.public_pem"),
    };

    private static Dictionary<string, string> Params(Vector vector) =>
        vector.Inputs.GetProperty("params").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? "");
}
