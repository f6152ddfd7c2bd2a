using System.Text;
using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.AlipayOpenApi;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MerchantPortal.Tests.Payments.Channels.AlipayOpenApi;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed class AlipayVectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced.</summary>
    private static readonly Dictionary<string, string> NotReproducible = new()
    {
        ["alipay-node-sdk-response-0"] = "signed by a sandbox key that has been rotated since",
        ["alipay-node-sdk-response-1"] = "signed by a sandbox key that has been rotated since",
        ["alipay-gopay-notify-fake"] = "its source calls the data fake; neither fields nor key were published",
    };

    public static TheoryData<string> All => VectorFile.Ids("alipay-openapi");

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
                AssertVerify(vector);
                break;
            case "verify-response":
                AssertResponse(vector);
                break;
            case "notify" or "notify-negative" when vector.Inputs.TryGetProperty("generator", out var generator):
                await AssertOversizeAsync(generator.GetString() ?? "");
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
        var fields = new SortedDictionary<string, string>(Params(vector), StringComparer.Ordinal);
        var key = new KeptKey(vector.Keys[0].GetProperty("private_pem").GetString() ?? "");

        Assert.Equal(vector.Inputs.GetProperty("string_to_sign").GetString(), AlipayOpenApiSignature.RequestText(fields));
        AlipayOpenApiRequest.Signed(fields, key);

        Assert.Equal(vector.Expected.GetProperty("sign").GetString(), fields["sign"]);
        var url = vector.Expected.GetProperty("url").GetString() ?? "";
        Assert.Equal(url, AlipayOpenApiRequest.Address(new Uri(url.Split('?')[0]), fields));
    }

    private static void AssertVerify(Vector vector)
    {
        if (!vector.Inputs.TryGetProperty("params", out _))
        {
            Assert.False(vector.Verified);
            Assert.Equal(JsonValueKind.Null, vector.Expected.GetProperty("valid").ValueKind);
            return;
        }

        var fields = Params(vector);
        var sign = fields["sign"];
        fields.Remove("sign");
        var channel = AlipayFixture.Open(alipayPublicKey: vector.Keys[0].GetProperty("public_pem").GetString());
        var verification = channel.Verify(AlipayFixture.Post(AlipayFixture.Body(fields, sign)));

        Assert.Equal(vector.Expected.GetProperty("valid").GetBoolean(), verification is Verification.Accepted);
        if (verification is Verification.Accepted accepted && vector.Inputs.TryGetProperty("string_to_sign", out var text))
        {
            Assert.Equal(Masked(text.GetString() ?? ""), accepted.Trace.Single(step => step.Step == TraceSteps.SignedText).Values?["text"]);
        }
    }

    private static void AssertResponse(Vector vector)
    {
        var expected = vector.Expected.GetProperty("valid").GetBoolean() && vector.Verified;
        var key = new KeptKey(vector.Keys.Count == 0 ? VectorFile.Key("alipay.public_pem") : vector.Keys[0].GetProperty("public_pem").GetString() ?? "");
        var raw = vector.Inputs.TryGetProperty("raw_response", out var response)
            ? response.GetString() ?? ""
            : $$"""{"alipay_trade_pay_response":{{vector.Inputs.GetProperty("string_to_sign").GetString()}},"sign":"{{vector.Inputs.GetProperty("sign").GetString()}}"}""";
        var name = JsonDocument.Parse(raw).RootElement.EnumerateObject().Select(member => member.Name).First(member => member != "sign");
        var bytes = Encoding.UTF8.GetBytes(raw);

        var answer = AlipayOpenApiAnswer.Read(bytes, name.Replace("_response", "", StringComparison.Ordinal), key);

        Assert.Equal(expected, answer is AlipayOpenApiAnswer.Signed);
        if (vector.Inputs.TryGetProperty("string_to_sign", out var text))
        {
            var cut = AlipayOpenApiAnswer.Cut(bytes, name).Content ?? default;
            Assert.Equal(text.GetString(), Encoding.UTF8.GetString(bytes[cut]));
        }
    }

    private static void AssertNotify(Vector vector)
    {
        var merchant = vector.Inputs.GetProperty("context").GetProperty("merchant");
        var channel = AlipayFixture.Open(
            alipayPublicKey: vector.Keys[0].GetProperty("public_pem").GetString(),
            appId: merchant.GetProperty("app_id").GetString() ?? "", sellerId: merchant.GetProperty("seller_id").GetString() ?? "");
        var request = vector.Inputs.GetProperty("request");
        var raw = AlipayFixture.Post(
            Vector.Body(request), request.GetProperty("headers").GetProperty("Content-Type").GetString() ?? "", request.GetProperty("method").GetString() ?? "");

        var verification = channel.Verify(raw);
        var decision = verification is Verification.Accepted accepted
            ? PaymentStateMachine.Decide(Snapshot(vector, accepted.Notification), accepted.Notification)
            : null;

        var verified = verification is Verification.Accepted or Verification.Rejected { SignatureValid: true };
        Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verified);
        Assert.Equal(vector.Expected.GetProperty("apply").GetBoolean(), decision?.Outcome == CallbackStatus.Applied);
        AssertAck(vector.Expected.GetProperty("ack").GetString() ?? "", channel.Acknowledge(decision?.Outcome ?? CallbackStatus.Rejected));
    }

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

    private static async Task AssertOversizeAsync(string generator)
    {
        Assert.Equal("valid notification plus field pad=A*2097152; and one with 5000 fields", generator);
        var valid = Encoding.ASCII.GetString(AlipayFixture.Signed(AlipayFixture.Paid()));
        var padded = Encoding.ASCII.GetBytes($"{valid}&pad={new string('A', 2097152)}");
        var request = new DefaultHttpContext { Request = { Body = new MemoryStream(padded), ContentLength = padded.Length } }.Request;

        Assert.Null(await NotificationBody.ReadAsync(request, PaymentNotificationsController.MaxBodyBytes, TimeProvider.System, CancellationToken.None));
        AssertRejected(AlipayFixture.Post([]) with { TooLarge = true }, RejectionReasons.BodyTooLarge);
        AssertRejected(
            AlipayFixture.Post($"{valid}&{string.Join('&', Enumerable.Range(0, 5000).Select(i => $"f{i}="))}"), RejectionReasons.MalformedRequest);
    }

    private static void AssertRejected(RawNotification raw, string reason)
    {
        var rejected = Assert.IsType<Verification.Rejected>(AlipayFixture.Open().Verify(raw));
        Assert.Equal((reason, false), (rejected.Reason, rejected.SignatureValid));
    }

    /// <summary>What the vector says of our order; null when the message names another one.</summary>
    private static PaymentSnapshot? Snapshot(Vector vector, VerifiedNotification message)
    {
        var context = vector.Inputs.GetProperty("context");
        var order = context.GetProperty("order");
        var amount = Money.ParseYuan(order.GetProperty("amount_yuan").GetString()) ?? throw new InvalidDataException(vector.Id);
        var status = Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true);
        return order.GetProperty("out_trade_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            status,
            status == OrderStatus.Paid ? AttemptStatus.Paid : AttemptStatus.Prompted,
            amount,
            context.GetProperty("merchant").GetProperty("app_id").GetString() ?? "",
            context.GetProperty("merchant").GetProperty("seller_id").GetString() ?? "",
            status == OrderStatus.Paid ? TransactionRecord.ThisAttempt : TransactionRecord.None,
            Paid: status == OrderStatus.Paid ? amount : 0,
            Refunded: 0,
            Refund: null);
    }

    private static Dictionary<string, string> Params(Vector vector) =>
        vector.Inputs.GetProperty("params").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? "");

    private static string Masked(string text) => string.Join('&', text.Split('&').Select(pair => pair.Split('=', 2) switch
    {
        ["buyer_id" or "buyer_logon_id" or "phone" or "contactor", var value] pieces => $"{pieces[0]}={Mask.Payer(value)}",
        var pieces => string.Join('=', pieces),
    }));
}
