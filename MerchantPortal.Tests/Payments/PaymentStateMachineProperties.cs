using FsCheck;
using FsCheck.Fluent;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Payments;

/// <summary>Whatever messages come, in whatever order, the books stay right.</summary>
public sealed class PaymentStateMachineProperties
{
    private const long Amount = 1000;

    [Fact]
    public void No_sequence_of_messages_breaks_the_books() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(Events().ToArbitrary(), events =>
        {
            var book = new Book();
            foreach (var step in events)
            {
                book.Take(step);
                book.AssertRight();
            }
        }));

    [Fact]
    public void Every_sequence_can_be_played_twice_without_effect() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Events().ToArbitrary(), events =>
        {
            var book = new Book();
            foreach (var step in events)
            {
                book.Take(step);
                var after = book.Describe();
                book.Take(step);
                Assert.Equal(after, book.Describe());
            }
        }));

    [Fact]
    public void Payment_and_refunds_of_ours_end_alike_in_every_order()
    {
        Event[] events =
        [
            new(NotificationKind.PaymentPending, 0, "T1", null, null, null),
            new(NotificationKind.PaymentSucceeded, 0, "T1", null, null, null),
            new(NotificationKind.RefundSucceeded, 0, "T1", "R1", null, 300),
            new(NotificationKind.RefundSucceeded, 0, "T1", "R2", null, 500),
            new(NotificationKind.PaymentClosed, 0, "T1", null, null, null),
        ];

        var ends = Permutations(events).Select(order =>
        {
            var book = new Book();
            book.Ask("R1", 300);
            book.Ask("R2", 200);
            // What was deferred comes again, as the portal's retries do.
            foreach (var step in order.Concat(order))
            {
                book.Take(step);
            }

            return book.Describe();
        });

        Assert.Equal("PartiallyRefunded paid 1000 refunded 500 by T1; surplus ", Assert.Single(ends.Distinct()));
    }

    private static Gen<Event[]> Events() => Gen.ArrayOf(
        from kind in Gen.Elements(Enum.GetValues<NotificationKind>())
        from attempt in Gen.Choose(0, 2)
        from transaction in Gen.Elements("T0", "T1", "T2", $"own-{attempt}", "")
        from refund in Gen.Elements<string?>("R1", "R2", "R3", "", null)
        from own in Gen.Elements<long?>(null, 0, 1, 300, Amount, Amount + 1)
        from total in Gen.Elements<long?>(null, 0, 300, 600, Amount, Amount + 1)
        select new Event(kind, attempt, transaction, refund, own, total));

    private static IEnumerable<Event[]> Permutations(Event[] events) => events.Length < 2
        ? [events]
        : events.SelectMany((first, i) => Permutations([.. events[..i], .. events[(i + 1)..]]).Select(rest => (Event[])[first, .. rest]));

    private sealed record Event(NotificationKind Kind, int Attempt, string Transaction, string? RefundNo, long? Own, long? Total);

    /// <summary>One order with three attempts, kept as the rows would be.</summary>
    private sealed class Book
    {
        private readonly AttemptStatus[] _attempts = [AttemptStatus.Prompted, AttemptStatus.Prompted, AttemptStatus.Prompted];
        private readonly List<(string Transaction, int Attempt, bool Surplus)> _payments = [];
        private readonly Dictionary<(int Attempt, string No), RefundSnapshot> _refunds = [];
        private readonly Dictionary<string, long> _returned = [];
        private OrderStatus _status;
        private long _paid;
        private long _refunded;

        public void Ask(string refundNo, long amount) => _refunds[(0, refundNo)] = new RefundSnapshot(RefundStatus.Requested, amount);

        public void Take(Event step)
        {
            var effect = PaymentStateMachine.Decide(Snapshot(step), Message(step)).Effect;
            switch (effect)
            {
                case PaymentEffect.Pay:
                    _payments.Add((step.Transaction, step.Attempt, false));
                    _attempts[step.Attempt] = AttemptStatus.Paid;
                    _status = OrderStatus.Paid;
                    _paid += Amount;
                    break;
                case PaymentEffect.RecordSurplus:
                    _payments.Add((step.Transaction, step.Attempt, true));
                    _attempts[step.Attempt] = AttemptStatus.Paid;
                    break;
                case PaymentEffect.CloseAttempt:
                    _attempts[step.Attempt] = AttemptStatus.Closed;
                    break;
                case PaymentEffect.SurplusRefund refund:
                    Return(step, refund.Amount);
                    break;
                case PaymentEffect.Refund refund:
                    Return(step, refund.Amount);
                    _refunded += refund.Amount;
                    _status = _refunded == _paid ? OrderStatus.Refunded : OrderStatus.PartiallyRefunded;
                    break;
                case PaymentEffect.RefundNotSettled unsettled:
                    _refunds[(step.Attempt, step.RefundNo ?? "")] = _refunds[(step.Attempt, step.RefundNo ?? "")] with { Status = unsettled.Status };
                    break;
            }
        }

        private void Return(Event step, long amount)
        {
            _refunds[(step.Attempt, step.RefundNo is { Length: > 0 } no ? no : $"foreign-{_refunds.Count}")] = new(RefundStatus.Succeeded, amount);
            var transaction = Money(step)?.Transaction ?? throw new InvalidOperationException("No money to give back.");
            _returned[transaction] = _returned.GetValueOrDefault(transaction) + amount;
        }

        /// <summary>What a refund in this message would be of.</summary>
        private (string Transaction, bool Surplus)? Money(Event step)
        {
            var candidates = step.Transaction.Length > 0
                ? _payments.Where(payment => payment.Transaction == step.Transaction)
                : _payments.Where(payment => payment.Attempt == step.Attempt).OrderBy(payment => payment.Surplus);
            return candidates.Select(payment => ((string, bool)?)(payment.Transaction, payment.Surplus)).FirstOrDefault();
        }

        public void AssertRight()
        {
            Assert.Equal(_payments.Count, _payments.Select(payment => payment.Transaction).Distinct().Count());
            Assert.InRange(_payments.Count(payment => !payment.Surplus), 0, 1);
            Assert.Equal(_payments.Count(payment => !payment.Surplus) * Amount, _paid);
            Assert.InRange(_refunded, 0, _paid);
            Assert.Equal(_refunds.Values.Where(refund => refund.Status == RefundStatus.Succeeded).Sum(refund => refund.Amount), _returned.Values.Sum());
            Assert.Equal(_payments.Where(payment => !payment.Surplus).Sum(payment => _returned.GetValueOrDefault(payment.Transaction)), _refunded);
            Assert.All(_returned.Values, returned => Assert.InRange(returned, 1, Amount));
            Assert.DoesNotContain(_payments, payment => _attempts[payment.Attempt] != AttemptStatus.Paid);
            Assert.Equal(
                _paid == 0 ? OrderStatus.Pending : _refunded == 0 ? OrderStatus.Paid : _refunded == _paid ? OrderStatus.Refunded : OrderStatus.PartiallyRefunded,
                _status);
        }

        public string Describe() =>
            $"{_status} paid {_paid} refunded {_refunded} by {string.Join(' ', _payments.Where(payment => !payment.Surplus).Select(payment => payment.Transaction))}; "
            + $"surplus {string.Join(' ', _payments.Where(payment => payment.Surplus).Select(payment => payment.Transaction))}";

        private PaymentSnapshot Snapshot(Event step)
        {
            var known = _payments.Where(payment => payment.Transaction == step.Transaction && step.Transaction.Length > 0).ToList();
            return new PaymentSnapshot(
                _status,
                _attempts[step.Attempt],
                Amount,
                "app",
                "merchant",
                known.Count == 0 ? TransactionRecord.None
                    : known[0].Attempt != step.Attempt ? TransactionRecord.OtherAttempt
                    : known[0].Surplus ? TransactionRecord.Surplus
                    : TransactionRecord.ThisAttempt,
                Money(step) is null ? 0 : Amount,
                Money(step) is { } money ? _returned.GetValueOrDefault(money.Transaction) : 0,
                _refunds.GetValueOrDefault((step.Attempt, step.RefundNo ?? "")))
            {
                IsSurplus = Money(step) is { Surplus: true },
            };
        }

        private static VerifiedNotification Message(Event step) => new()
        {
            Kind = step.Kind,
            Source = NotificationSource.Notification,
            OutTradeNo = $"A{step.Attempt}",
            ChannelTransactionId = step.Transaction,
            Amount = Amount,
            AppId = "app",
            MerchantId = "merchant",
            Refund = new RefundFact(step.RefundNo, null, step.Own, step.Total),
        };
    }
}
