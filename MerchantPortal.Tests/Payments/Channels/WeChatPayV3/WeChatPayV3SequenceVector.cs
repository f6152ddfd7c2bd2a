using System.Text.Json;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Payments.Channels.WeChatPayV3;

/// <summary>
/// Runs a sequence of the vectors through verification and decision, on one order in memory. Messages that must wait are tried again
/// after each one that was applied, as the portal's own retry does.
/// </summary>
internal sealed class WeChatPayV3SequenceVector
{
    private readonly IPaymentChannel _channel = WeChatPayV3Fixture.Open();
    private readonly List<VerifiedNotification> _waiting = [];
    private readonly HashSet<string> _transactions = [];
    private readonly Dictionary<string, RefundSnapshot> _refunds = [];
    private readonly long _amount;
    private OrderStatus _status;
    private long _paid;
    private long _refunded;
    private int _fulfilled;
    private bool _late;

    private WeChatPayV3SequenceVector(JsonElement order)
    {
        _amount = order.GetProperty("amount_fen").GetInt64();
        _status = Enum.Parse<OrderStatus>(order.GetProperty("status").GetString() ?? "", ignoreCase: true);
    }

    public static void Assert(Vector vector)
    {
        var run = new WeChatPayV3SequenceVector(vector.Inputs.GetProperty("context").GetProperty("order"));
        var acknowledgements = vector.Inputs.GetProperty("steps").EnumerateArray().Select(step => run.Receive(VectorFile.Find(step.GetString() ?? ""))).ToList();
        if (vector.Expected.TryGetProperty("acks", out var expected))
        {
            Xunit.Assert.Equal(expected.GetArrayLength(), acknowledgements.Count);
            foreach (var (ack, index) in expected.EnumerateArray().Select((ack, index) => (ack.GetString() ?? "", index)))
            {
                WeChatPayV3NotifyVector.AssertAck(ack, acknowledgements[index]);
            }
        }

        run.AssertFinal(vector.Expected.GetProperty("final"));
    }

    private void AssertFinal(JsonElement final)
    {
        Xunit.Assert.Empty(_waiting);
        Xunit.Assert.Equal((1, _amount), (_fulfilled, _paid));
        switch (final.GetProperty("order").GetString())
        {
            case "PAID":
                Xunit.Assert.Equal((OrderStatus.Paid, final.GetProperty("times_fulfilled").GetInt32(), false), (_status, _fulfilled, _late));
                break;
            case "PAID or PARTIALLY_REFUNDED, refund recorded once":
                Xunit.Assert.Equal((OrderStatus.PartiallyRefunded, 2345L, 1), (_status, _refunded, _refunds.Count));
                break;
            case "money recorded and flagged: paid after close (refund or fulfil by hand)":
                Xunit.Assert.Equal((OrderStatus.Paid, true), (_status, _late));
                break;
            case var unknown:
                Xunit.Assert.Fail($"No check for the end {unknown}.");
                break;
        }
    }

    private Acknowledgement Receive(Vector step)
    {
        var message = WeChatPayV3Fixture.Accepted(_channel.Verify(WeChatPayV3NotifyVector.Raw(step)));
        var outcome = Apply(message);
        if (outcome == CallbackStatus.Deferred)
        {
            _waiting.Add(message);
        }
        else if (outcome == CallbackStatus.Applied)
        {
            _waiting.RemoveAll(waiting => Apply(waiting) != CallbackStatus.Deferred);
        }

        return _channel.Acknowledge(outcome);
    }

    private CallbackStatus Apply(VerifiedNotification message)
    {
        var known = _transactions.Contains(message.ChannelTransactionId ?? "") ? TransactionRecord.ThisAttempt : TransactionRecord.None;
        var attempt = _paid > 0 ? AttemptStatus.Paid : AttemptStatus.Prompted;
        var snapshot = new PaymentSnapshot(
            _status, attempt, _amount, WeChatPayV3Fixture.AppId, WeChatPayV3Fixture.MchId, known, _paid, _refunded, _refunds.GetValueOrDefault(message.Refund?.RefundNo ?? ""));
        var decision = PaymentStateMachine.Decide(snapshot, message);
        switch (decision.Effect)
        {
            case PaymentEffect.Pay pay:
                _fulfilled++;
                _late = pay.Late;
                _paid += _amount;
                _status = OrderStatus.Paid;
                _transactions.Add(message.ChannelTransactionId ?? "");
                break;
            case PaymentEffect.Refund refund:
                _refunded += refund.Amount;
                _status = _refunded == _paid ? OrderStatus.Refunded : OrderStatus.PartiallyRefunded;
                _refunds.Add(message.Refund?.RefundNo ?? "", new(RefundStatus.Succeeded, refund.Amount));
                break;
            case PaymentEffect.None:
                break;
            default:
                Xunit.Assert.Fail($"Unexpected effect {decision.Effect}.");
                break;
        }

        return decision.Outcome;
    }
}
