using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Channels.WeChatLegacyApp;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatLegacyApp;

/// <summary>Every vector of the protocol runs, each by its kind; a kind that nobody knows fails.</summary>
public sealed partial class WeChatLegacyAppVectorTests
{
    /// <summary>Published values that cannot be reproduced, and why. They run too, and must stay unreproduced.</summary>
    private static readonly Dictionary<string, string> NotReproducible = new()
    {
        ["seed002-wxlegacy-app-signature-as-published"] = "32 digits are no SHA-1: the package's MD5 was printed once more, in lower case",
        ["seed002-wxlegacy-second-sign-as-published"] = "a constant that was copied from sample to sample, with other inputs",
    };

    public static TheoryData<string> All => VectorFile.Ids("wechat-legacy-app");

    [Theory]
    [MemberData(nameof(All))]
    public void Vector_holds(string id)
    {
        var vector = VectorFile.Find(id);
        Assert.Equal(!vector.Verified, NotReproducible.ContainsKey(id));
        switch (vector.Kind)
        {
            case "sign" when vector.Inputs.TryGetProperty("params", out var parameters):
                AssertPackageSign(vector, Fields(parameters));
                break;
            case "sign":
                AssertAppSignature(vector);
                break;
            case "canonical":
                Assert.Equal(vector.Expected.GetProperty("package").GetString(), WeChatLegacyAppSignature.Package(Fields(vector.Inputs.GetProperty("params")), DemoKey));
                break;
            case "notify" or "notify-negative":
                AssertNotify(vector);
                break;
            default:
                Assert.Fail($"Vector {id} is of the unknown kind {vector.Kind}.");
                break;
        }
    }

    private static KeyedDigest DemoKey => Md5Of(VectorFile.Find("seed002-wxlegacy-package-sign"));

    private static KeyedDigest Md5Of(Vector vector) =>
        KeyedDigest.Md5(vector.Keys[0].GetProperty("partner_key").GetString() ?? "", "&key=", upper: true);

    private static void AssertPackageSign(Vector vector, Dictionary<string, string> fields)
    {
        var sign = Assert.Single(vector.Expected.EnumerateObject()).Value.GetString();
        Assert.Equal($"{SortedFields.Text(fields)}&key={vector.Keys[0].GetProperty("partner_key").GetString()}", vector.Inputs.GetProperty("string_to_sign").GetString());
        Assert.EndsWith($"&sign={sign}", WeChatLegacyAppSignature.Package(fields, Md5Of(vector)), StringComparison.Ordinal);
    }

    private static void AssertAppSignature(Vector vector)
    {
        var fields = AppFields().Split(vector.Inputs.GetProperty("string_to_sign").GetString() ?? "")
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var key = vector.Keys[0].GetProperty("app_key").GetString() ?? "";
        Assert.True(fields.Remove("appkey"));
        var told = Assert.Single(vector.Expected.EnumerateObject()).Value.GetString();

        var signature = WeChatLegacyAppSignature.Sign(fields, key);
        Assert.Equal(vector.Verified, signature == told);
        Assert.Equal(vector.Verified, WeChatLegacyAppSignature.Verify(fields, key, told));
        if (vector.Id == "seed002-wxlegacy-app-signature-as-published")
        {
            Assert.EndsWith($"&sign={told?.ToUpperInvariant()}", fields["package"], StringComparison.Ordinal);
        }
    }

    private static void AssertNotify(Vector vector)
    {
        var request = vector.Inputs.GetProperty("request");
        var verification = WeChatLegacyAppFixture.Open().Verify(
            WeChatLegacyAppFixture.Post(request.GetProperty("query").GetString() ?? "", Vector.Body(request)));

        Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verification is Verification.Accepted);
        var outcome = verification is Verification.Accepted accepted
            ? PaymentStateMachine.Decide(Snapshot(vector, accepted.Notification), accepted.Notification).Outcome
            : CallbackStatus.Rejected;
        Assert.Equal(vector.Expected.GetProperty("apply").GetBoolean(), outcome == CallbackStatus.Applied);
        var ack = WeChatLegacyAppFixture.Open().Acknowledge(outcome);
        Assert.Equal(200, ack.StatusCode);
        Assert.Equal(vector.Expected.GetProperty("ack").GetString() switch { "any" => ack.Body, "failure" => "fail", var word => word }, ack.Body);
    }

    private static PaymentSnapshot? Snapshot(Vector vector, VerifiedNotification message)
    {
        var context = vector.Inputs.GetProperty("context");
        var order = context.GetProperty("order");
        return order.GetProperty("out_trade_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true),
            AttemptStatus.Prompted,
            order.GetProperty("amount_fen").GetInt64(),
            WeChatLegacyAppFixture.AppId,
            context.GetProperty("merchant").GetProperty("partner").GetString() ?? "",
            TransactionRecord.None,
            Paid: 0,
            Refunded: 0,
            Refund: null);
    }

    private static Dictionary<string, string> Fields(JsonElement json) => json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? "");

    /// <summary>The package holds ampersands of its own.</summary>
    [GeneratedRegex("&(?=(?:appkey|noncestr|package|partnerid|prepayid|timestamp|traceid)=)")]
    private static partial Regex AppFields();
}
