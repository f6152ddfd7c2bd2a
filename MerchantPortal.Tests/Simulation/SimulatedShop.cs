using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Tests.Simulation;

/// <summary>The rule under test; a broken one is put in its place to see that it is found out.</summary>
internal delegate PaymentDecision Decide(PaymentSnapshot? snapshot, VerifiedNotification message);

/// <summary>
/// The portal's rows of one order, without a database. They are found as <see cref="PaymentRows.FindAsync"/> finds them and changed by the
/// product's own code; every public method is one commit.
/// </summary>
internal sealed class SimulatedShop(Decide decide, TimeProvider time, long amount)
{
    private static readonly ChannelAccount Account = new()
    {
        StoreId = Guid.Empty,
        Channel = "simulated",
        Name = "Simulated",
        Mode = PaymentMode.Test,
        MerchantId = SimulatedGateway.MerchantId,
        AppId = SimulatedGateway.AppId,
        SealedCredentials = [],
        FingerprintsJson = "{}",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    public Order Order { get; } = new()
    {
        StoreId = Account.StoreId,
        Mode = PaymentMode.Test,
        Number = "1",
        CheckoutToken = "1",
        Subject = "Tea",
        Amount = amount,
        CreatedAt = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + PlaceOrder.DefaultLifetime,
    };

    public List<PaymentAttempt> Attempts { get; } = [];

    public List<Payment> Payments { get; } = [];

    public List<Refund> Refunds { get; } = [];

    public List<Posting> Postings { get; } = [];

    public List<SimulatedCapture> Inbox { get; } = [];

    /// <summary>Asks the gateway for what a message leaves out, as <see cref="IConfirmingChannel"/> does; null when it does not answer.</summary>
    public Func<VerifiedNotification, VerifiedNotification?> OnProving { get; set; } = message => message;

    /// <summary>Told of every message just before it is decided on.</summary>
    public Action<VerifiedNotification> OnHearing { get; set; } = _ => { };

    public PaymentAttempt? OpenAttempt => Attempts.Find(attempt => attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted);

    /// <summary>An attempt that is still to be added.</summary>
    public PaymentAttempt NewAttempt(string outTradeNo) => new()
    {
        StoreId = Order.StoreId,
        OrderId = Order.Id,
        ChannelAccountId = Account.Id,
        Method = PaymentMethod.Native,
        OutTradeNo = outTradeNo,
        Amount = Order.Amount,
        CreatedAt = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + PlaceOrder.DefaultLifetime,
    };

    /// <summary>A notification arrives: captured and decided on in one commit.</summary>
    public SimulatedCapture Receive(SimulatedMessage message)
    {
        var capture = new SimulatedCapture(message, time.GetUtcNow());
        Inbox.Add(capture);
        Process(capture);
        return capture;
    }

    /// <summary>A retry, or a person's replay.</summary>
    public void Process(SimulatedCapture capture)
    {
        capture.Status = OnProving(capture.Message.Fact) is { } proven ? Book(proven, capture.ReceivedAt) : CallbackStatus.Deferred;
        capture.Tries++;
        capture.RetryAt = capture.Status == CallbackStatus.Deferred ? RetrySchedule.Next(capture.Tries, time.GetUtcNow()) : null;
    }

    private CallbackStatus Book(VerifiedNotification message, DateTimeOffset receivedAt)
    {
        var rows = Find(message);
        var status = Apply(rows, message);
        rows?.Attempt.HearCallback(message.Kind, receivedAt);
        return status;
    }

    /// <summary>The gateway's answer to a question, however old it is by now.</summary>
    public void HearAnswer(VerifiedNotification answer)
    {
        foreach (var telling in QueryAttempt.Tellings(answer))
        {
            var rows = Find(telling);
            Apply(rows, telling);
            rows?.Attempt.HearQuery(telling.Kind, time.GetUtcNow());
        }
    }

    public void CloseAttempt(PaymentAttempt attempt)
    {
        if (attempt.Status is AttemptStatus.Created or AttemptStatus.Prompted)
        {
            attempt.End(AttemptStatus.Closed, time.GetUtcNow());
        }
    }

    /// <returns>True when it is closed now.</returns>
    public bool CloseOrder()
    {
        if (Order.Status != OrderStatus.Pending || OpenAttempt is not null)
        {
            return false;
        }

        (Order.Status, Order.ClosedAt) = (OrderStatus.Closed, time.GetUtcNow());
        return true;
    }

    /// <returns>Null when that much cannot be given back of the payment.</returns>
    public Refund? Reserve(Payment payment, long refundAmount)
    {
        if (refundAmount > payment.Amount - payment.RefundReserved)
        {
            return null;
        }

        payment.RefundReserved += refundAmount;
        var refund = new Refund
        {
            StoreId = Order.StoreId,
            OrderId = Order.Id,
            AttemptId = payment.AttemptId,
            ChannelAccountId = Account.Id,
            PaymentId = payment.Id,
            RefundNo = $"R{Refunds.Count + 1}",
            Amount = refundAmount,
            RequestedBy = "staff",
            CreatedAt = time.GetUtcNow(),
            NextTryAt = RefundSchedule.Next(1, time.GetUtcNow()),
        };
        Refunds.Add(refund);
        return refund;
    }

    /// <returns>What the gateway is to be told; null when there is nothing to do.</returns>
    public RefundRequest? Claim(Refund refund)
    {
        if (refund.NextTryAt is null)
        {
            return null;
        }

        refund.Tries++;
        refund.NextTryAt = RefundSchedule.Next(refund.Tries, time.GetUtcNow());
        var payment = Payments.Single(row => row.Id == refund.PaymentId);
        return new RefundRequest(
            Attempts.Single(row => row.Id == refund.AttemptId).OutTradeNo, payment.ChannelTransactionId, refund.RefundNo, refund.Amount, payment.Amount, "", new Uri("https://shop.test/"));
    }

    public void RecordAnswer(Refund refund, RefundResult result)
    {
        if (result is RefundResult.Told told)
        {
            Apply(Find(told.Notification), told.Notification);
        }
        else if (refund.Status is not (RefundStatus.Succeeded or RefundStatus.Closed))
        {
            var attempt = Attempts.Single(row => row.Id == refund.AttemptId);
            var marks = new RefundMarks(new PaymentRows(Order, attempt, null, refund, Returning(attempt, null, refund)), time.GetUtcNow());
            _ = result switch
            {
                RefundResult.Processing processing when refund.Status == RefundStatus.Requested => marks.Accept(processing.ChannelRefundId),
                RefundResult.Processing when refund.Status == RefundStatus.Failed => marks.FollowAfterAll(),
                RefundResult.Refused refused when refund.Status != RefundStatus.Failed => marks.Fail(refused.Code, refused.Message),
                _ => refund,
            };
        }
    }

    private CallbackStatus Apply(PaymentRows? rows, VerifiedNotification message)
    {
        OnHearing(message);
        var decision = decide(rows?.Snapshot(Account), message);
        if (rows is not null)
        {
            Apply(rows, decision.Effect, message);
        }

        return decision.Outcome;
    }

    private void Apply(PaymentRows rows, PaymentEffect effect, VerifiedNotification message)
    {
        switch (effect)
        {
            case PaymentEffect.Pay pay:
                Add(rows.MarkPaid(message, time.GetUtcNow()));
                Order.Flags |= pay.Late ? OrderFlags.PaidLate : OrderFlags.None;
                break;
            case PaymentEffect.RecordSurplus:
                Add(rows.MarkSurplus(message, time.GetUtcNow()));
                break;
            case PaymentEffect.CloseAttempt:
                rows.Attempt.End(AttemptStatus.Closed, time.GetUtcNow());
                break;
            case PaymentEffect.Refund refund:
                Return(rows, refund.Amount, message);
                break;
            case PaymentEffect.SurplusRefund refund:
                Return(rows, refund.Amount, message);
                break;
            case PaymentEffect.RefundNotSettled unsettled:
                new RefundMarks(rows, time.GetUtcNow()).NotSettle(unsettled.Status);
                break;
            case PaymentEffect.Flag:
                Order.Flags |= OrderFlags.NeedsReview;
                break;
        }
    }

    private void Add(Payment payment)
    {
        Payments.Add(payment);
        Postings.Add(Posting.Of(payment));
    }

    private void Return(PaymentRows rows, long refundAmount, VerifiedNotification message)
    {
        var marks = new RefundMarks(rows, time.GetUtcNow());
        var refund = marks.Succeed(refundAmount, message);
        if (rows.Refund is null)
        {
            Refunds.Add(refund);
        }

        Postings.Add(Posting.Of(refund, marks.Money.IsSurplus, time.GetUtcNow()));
        if (Payments.Where(payment => payment.IsSurplus).All(payment => RefundedOf(payment) == payment.Amount))
        {
            Order.Flags &= ~OrderFlags.DuplicateMoney;
        }
    }

    public long RefundedOf(Payment payment) => Refunds.Where(row => row.PaymentId == payment.Id && row.Status == RefundStatus.Succeeded).Sum(row => row.Amount);

    private PaymentRows? Find(VerifiedNotification message)
    {
        if (Attempts.Find(row => row.OutTradeNo == message.OutTradeNo) is not { } attempt)
        {
            return null;
        }

        var payment = Payments.Find(row => row.ChannelTransactionId == message.ChannelTransactionId);
        if (message.Refund is not { } fact)
        {
            return new PaymentRows(Order, attempt, payment, null, null);
        }

        var refund = FindRefund(attempt, fact);
        return new PaymentRows(Order, attempt, payment, refund, Returning(attempt, payment, refund));
    }

    private Refund? FindRefund(PaymentAttempt attempt, RefundFact fact) =>
        string.IsNullOrEmpty(fact.RefundNo) ? null : Refunds.Find(row => row.AttemptId == attempt.Id && row.RefundNo == fact.RefundNo);

    private ReturningMoney? Returning(PaymentAttempt attempt, Payment? payment, Refund? refund)
    {
        payment ??= refund?.PaymentId is { } id
            ? Payments.Single(row => row.Id == id)
            : Payments.Where(row => row.AttemptId == attempt.Id).OrderBy(row => row.IsSurplus).FirstOrDefault();
        return payment is null ? null : ReturningMoney.Of(payment, Refunds.FindAll(row => row.PaymentId == payment.Id && row.Status == RefundStatus.Succeeded));
    }
}

/// <summary>A stored notification.</summary>
internal sealed class SimulatedCapture(SimulatedMessage message, DateTimeOffset receivedAt)
{
    public SimulatedMessage Message => message;

    public DateTimeOffset ReceivedAt => receivedAt;

    public CallbackStatus Status { get; set; }

    public int Tries { get; set; }

    /// <summary>Null: it has ended, or waits for a person.</summary>
    public DateTimeOffset? RetryAt { get; set; }
}
