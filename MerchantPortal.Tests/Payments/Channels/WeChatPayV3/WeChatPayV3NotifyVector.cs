using System.Text;
using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>Runs one notification of the vectors: verify, decide, acknowledge.</summary>
internal static class WeChatPayV3NotifyVector
{
    public static void Assert(Vector vector)
    {
        var channel = WeChatPayV3Fixture.Open();
        var verification = channel.Verify(Raw(vector));
        var decision = verification is Verification.Accepted accepted
            ? PaymentStateMachine.Decide(Snapshot(vector.Inputs.GetProperty("context"), accepted.Notification), accepted.Notification)
            : null;

        Xunit.Assert.Equal(vector.Expected.GetProperty("verify").GetBoolean(), verification is Verification.Accepted or Verification.Rejected { SignatureValid: true });
        Xunit.Assert.Equal(vector.Expected.GetProperty("apply").GetBoolean(), decision?.Outcome == CallbackStatus.Applied);
        AssertAck(vector.Expected.GetProperty("ack").GetString() ?? "", channel.Acknowledge(decision?.Outcome ?? CallbackStatus.Rejected));
    }

    public static async Task AssertOversizeAsync(string generator)
    {
        Xunit.Assert.StartsWith("valid headers; body = 2 MiB of the letter A", generator, StringComparison.Ordinal);
        var body = Encoding.ASCII.GetBytes(new string('A', 2 * 1024 * 1024));
        foreach (var length in (long?[])[body.Length, null])
        {
            var request = new DefaultHttpContext { Request = { Body = new MemoryStream(body), ContentLength = length } }.Request;
            Xunit.Assert.Null(await NotificationBody.ReadAsync(request, PaymentNotificationsController.MaxBodyBytes, TimeProvider.System, CancellationToken.None));
        }

        var channel = WeChatPayV3Fixture.Open();
        var raw = WeChatPayV3Fixture.Post([], WeChatPayV3Fixture.Headers(body)) with { TooLarge = true };
        WeChatPayV3Fixture.Rejected(channel.Verify(raw), RejectionReasons.BodyTooLarge);
        AssertAck("failure", channel.Acknowledge(CallbackStatus.Rejected));
    }

    public static void AssertAck(string expected, Acknowledgement acknowledgement)
    {
        var success = acknowledgement.StatusCode is 200 or 204;
        Xunit.Assert.True(success || acknowledgement.StatusCode >= 400);
        Xunit.Assert.Equal(success ? ("", null) : ("""{"code":"FAIL","message":"失败"}""", "application/json"), (acknowledgement.Body, acknowledgement.ContentType));
        Xunit.Assert.True(expected switch
        {
            "success" => success,
            "failure" => !success,
            "any" => true,
            _ => throw new InvalidDataException(expected),
        });
    }

    public static RawNotification Raw(Vector vector) =>
        Raw(vector.Inputs.GetProperty("request"), vector.Inputs.GetProperty("context").GetProperty("clock_unix").GetInt64());

    public static RawNotification Raw(JsonElement request, long clock) => WeChatPayV3Fixture.Post(
        Vector.Body(request),
        request.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name.ToLowerInvariant(), header => header.Value.GetString() ?? ""),
        DateTimeOffset.FromUnixTimeSeconds(clock));

    /// <summary>What the vector says of our order and refund; null when the message names another order.</summary>
    private static PaymentSnapshot? Snapshot(JsonElement context, VerifiedNotification message)
    {
        var order = context.GetProperty("order");
        var amount = order.GetProperty("amount_fen").GetInt64();
        var status = Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true);
        return order.GetProperty("out_trade_no").GetString() != message.OutTradeNo ? null : new PaymentSnapshot(
            status,
            status == OrderStatus.Paid ? AttemptStatus.Paid : AttemptStatus.Prompted,
            amount,
            context.GetProperty("merchant").GetProperty("appid").GetString() ?? "",
            context.GetProperty("merchant").GetProperty("mchid").GetString() ?? "",
            status == OrderStatus.Paid ? TransactionRecord.ThisAttempt : TransactionRecord.None,
            Paid: status == OrderStatus.Paid ? amount : 0,
            Refunded: 0,
            Refund: Refund(context, message));
    }

    private static RefundSnapshot? Refund(JsonElement context, VerifiedNotification message) =>
        context.TryGetProperty("refund", out var refund) && refund.GetProperty("out_refund_no").GetString() == message.Refund?.RefundNo
            ? new(Enum.Parse<RefundStatus>(refund.GetProperty("status").GetString() ?? "", ignoreCase: true), refund.GetProperty("amount_fen").GetInt64())
            : null;
}
