using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Simulation;

/// <summary>
/// A gateway that is honest and unreliable: what it has taken and given back is the truth that the books are held against. Amounts are 分.
/// </summary>
internal sealed class SimulatedGateway(Random random, TimeProvider time, GatewayManner manner) : IRefundingChannel
{
    public const string AppId = "app";
    public const string MerchantId = "merchant";

    private readonly List<SimulatedRefund> _onTheWay = [];

    private readonly HashSet<string> _refused = [];

    public string Channel => "simulated";

    public Dictionary<string, SimulatedTrade> Trades { get; } = [];

    public List<SimulatedRefund> Refunds { get; } = [];

    /// <summary>What it sends until it is answered.</summary>
    public List<SimulatedMessage> Outbox { get; } = [];

    public IEnumerable<SimulatedTransaction> Taken => Trades.Values.SelectMany(trade => trade.Transactions);

    /// <summary>False: the faults are over, and it answers every question with how things stand.</summary>
    public bool IsUnreliable { get; set; } = true;

    public bool TellsSums => manner.TellsSums;

    /// <summary>Of a refund that the portal did not ask for nothing is told but sums, of which some may say nothing for ever.</summary>
    public bool LeavesDoubt => manner is { TellsSums: true, KnowsConsole: false };

    public long ReturnedOf(string transactionId) =>
        Refunds.Where(refund => refund.TransactionId == transactionId && refund.State == SimulatedRefundState.Succeeded).Sum(refund => refund.Amount);

    public void Create(PaymentAttempt attempt) => Trades.TryAdd(attempt.OutTradeNo, new SimulatedTrade(attempt.OutTradeNo, attempt.Amount));

    /// <summary>Somebody pays the number.</summary>
    /// <param name="again">Though it has been paid: a second payer's money under the same number.</param>
    public bool Pay(string outTradeNo, bool again = false)
    {
        if (!Trades.TryGetValue(outTradeNo, out var trade) || trade.IsClosed || trade.Transactions.Count > 0 != again)
        {
            return false;
        }

        var transaction = new SimulatedTransaction($"T{Taken.Count() + 1}", trade, time.GetUtcNow());
        trade.Transactions.Add(transaction);
        // One number, one transaction is what asking can find; the others are told until they are heard.
        Outbox.ForEach(message => message.IsLost &= !again || message.Fact.OutTradeNo != outTradeNo);
        Outbox.Add(new SimulatedMessage(Paid(transaction, NotificationSource.Notification)) { IsLost = !again && Chance(20) });
        return true;
    }

    public QueryResult Query(string outTradeNo)
    {
        if (Fails())
        {
            return new QueryResult.Unknown("no answer");
        }

        if (!Trades.TryGetValue(outTradeNo, out var trade))
        {
            return new QueryResult.NotFound();
        }

        if (trade.Transactions.Count == 0 || Lags())
        {
            return new QueryResult.Known(Unpaid(trade, NotificationSource.Query));
        }

        var first = trade.Transactions[0];
        var fact = Paid(first, NotificationSource.Query);
        return new QueryResult.Known(manner.TellsSums && ReturnedOf(first.Id) == trade.Amount
            ? fact with { Kind = NotificationKind.RefundSucceeded, OccurredAt = null, Refund = new RefundFact(null, null, null, trade.Amount) }
            : fact);
    }

    public CloseResult Close(string outTradeNo)
    {
        if (Fails())
        {
            return new CloseResult.Unknown("no answer");
        }

        if (!Trades.TryGetValue(outTradeNo, out var trade))
        {
            return new CloseResult.NotFound();
        }

        if (trade.Transactions.Count > 0)
        {
            return Lags() ? CloseTooLate(trade) : new CloseResult.AlreadyPaid();
        }

        trade.IsClosed = true;
        if (Chance(30))
        {
            Outbox.Add(new SimulatedMessage(Unpaid(trade, NotificationSource.Notification)) { IsLost = Chance(50) });
        }

        return Fails() ? new CloseResult.Unknown("no answer") : new CloseResult.Closed();
    }

    public Task<RefundResult> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => Task.FromResult(Refund(request));

    public Task<RefundResult> QueryRefundAsync(RefundRequest request, CancellationToken cancellationToken) => Task.FromResult<RefundResult>(
        Fails() ? new RefundResult.Unknown("no answer")
        : Refunds.Find(refund => refund.No == request.RefundNo) is { } known ? Tell(known)
        : new RefundResult.NotFound());

    /// <summary>The message with this refund's own amount, where it tells a sum.</summary>
    /// <returns>Null when the gateway does not answer.</returns>
    public VerifiedNotification? Complete(VerifiedNotification message) =>
        message.Refund is not { Amount: null } fact ? message
        : Fails() ? null
        : Refunds.Find(refund => refund.No == fact.RefundNo) is { } known && (known.IsOurs || manner.KnowsConsole) ? message with { Refund = fact with { Amount = known.Amount } }
        : message;

    /// <summary>The merchant gives money back in the gateway's own console.</summary>
    public void RefundInConsole(SimulatedTransaction transaction, long amount)
    {
        var refund = new SimulatedRefund($"CONSOLE-{Refunds.Count + 1}", transaction.Id, amount) { IsOurs = false };
        if (Make(refund))
        {
            End(refund, SimulatedRefundState.Succeeded);
        }
    }

    /// <summary>Something that was on its way arrives, or a refund comes a step further.</summary>
    public void Work()
    {
        foreach (var late in _onTheWay.ToList())
        {
            _onTheWay.Remove(late);
            Make(late);
        }

        foreach (var refund in Refunds.Where(refund => refund.State is SimulatedRefundState.Processing or SimulatedRefundState.Abnormal).ToList())
        {
            var stuck = refund.State == SimulatedRefundState.Processing && IsUnreliable && Chance(20);
            End(refund, stuck ? SimulatedRefundState.Abnormal : Chance(15) ? SimulatedRefundState.Closed : SimulatedRefundState.Succeeded);
        }
    }

    public bool Chance(int percent) => random.Next(100) < percent;

    public string? RefundObstacle(PaymentMethod method) => null;

    public Task<CreateResult> CreateAsync(CreatePayment request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<QueryResult> QueryAsync(string outTradeNo, CancellationToken cancellationToken) => Task.FromResult(Query(outTradeNo));

    public Task<CloseResult> CloseAsync(string outTradeNo, CancellationToken cancellationToken) => Task.FromResult(Close(outTradeNo));

    public Verification Verify(RawNotification raw) => throw new NotSupportedException();

    public Acknowledgement Acknowledge(CallbackStatus outcome) => throw new NotSupportedException();

    /// <summary>It was paid in this very moment: what the gateway says is of the moment before.</summary>
    private CloseResult.Closed CloseTooLate(SimulatedTrade trade)
    {
        Outbox.Add(new SimulatedMessage(Unpaid(trade, NotificationSource.Notification) with { Kind = NotificationKind.PaymentClosed }));
        return new CloseResult.Closed();
    }

    private RefundResult Refund(RefundRequest request)
    {
        if (Refunds.Find(refund => refund.No == request.RefundNo) is { } known)
        {
            return Fails() ? new RefundResult.Unknown("no answer") : Tell(known);
        }

        var refund = new SimulatedRefund(request.RefundNo, request.ChannelTransactionId, request.Amount) { IsOurs = true };
        if (Fails())
        {
            // Lost, or only late.
            _onTheWay.AddRange(Chance(50) ? [refund] : []);
            return new RefundResult.Unknown("no answer");
        }

        if (IsUnreliable && Chance(5))
        {
            return new RefundResult.Postponed("NOT_NOW", "balance");
        }

        if (IsUnreliable && Chance(5))
        {
            _refused.Add(request.RefundNo);
        }

        return !Make(refund) ? new RefundResult.Refused("NO", "too much, or not this one") : Fails() ? new RefundResult.Unknown("no answer") : Tell(refund);
    }

    /// <returns>False when there is no money left for it, or it has said no: that is for good.</returns>
    private bool Make(SimulatedRefund refund)
    {
        var taken = Taken.Single(transaction => transaction.Id == refund.TransactionId);
        var given = Refunds.Where(other => other.TransactionId == refund.TransactionId && other.State != SimulatedRefundState.Closed).Sum(other => other.Amount);
        if (_refused.Contains(refund.No) || given + refund.Amount > taken.Trade.Amount || Refunds.Exists(other => other.No == refund.No))
        {
            return false;
        }

        Refunds.Add(refund);
        if (manner.TellsSums)
        {
            End(refund, SimulatedRefundState.Succeeded);
        }

        return true;
    }

    private void End(SimulatedRefund refund, SimulatedRefundState state)
    {
        if (refund.State == state)
        {
            return;
        }

        refund.State = state;
        if (!manner.TellsSums || state == SimulatedRefundState.Succeeded)
        {
            Outbox.Add(new SimulatedMessage(Fact(refund, manner.TellsSums ? ReturnedOf(refund.TransactionId) : null)) { IsLost = refund.IsOurs && Chance(20) });
        }
    }

    private RefundResult Tell(SimulatedRefund refund) => refund.State == SimulatedRefundState.Processing
        ? new RefundResult.Processing($"R-{refund.No}")
        : new RefundResult.Told(Fact(refund, sum: null) with { Source = NotificationSource.Query });

    private VerifiedNotification Fact(SimulatedRefund refund, long? sum)
    {
        var transaction = Taken.Single(taken => taken.Id == refund.TransactionId);
        return Paid(transaction, NotificationSource.Notification) with
        {
            Kind = refund.State switch
            {
                SimulatedRefundState.Succeeded => NotificationKind.RefundSucceeded,
                SimulatedRefundState.Abnormal => NotificationKind.RefundAbnormal,
                SimulatedRefundState.Closed => NotificationKind.RefundClosed,
                SimulatedRefundState.Processing => throw new InvalidOperationException("Nothing is told of a refund that has not ended."),
            },
            OccurredAt = time.GetUtcNow(),
            Refund = new RefundFact(refund.No, null, sum is null ? refund.Amount : null, sum),
        };
    }

    private static VerifiedNotification Paid(SimulatedTransaction transaction, NotificationSource source) =>
        Unpaid(transaction.Trade, source) with { Kind = NotificationKind.PaymentSucceeded, ChannelTransactionId = transaction.Id, OccurredAt = transaction.At };

    private static VerifiedNotification Unpaid(SimulatedTrade trade, NotificationSource source) => new()
    {
        Kind = trade.IsClosed ? NotificationKind.PaymentClosed : NotificationKind.PaymentPending,
        Source = source,
        OutTradeNo = trade.OutTradeNo,
        Amount = trade.Amount,
        Currency = Money.Currency,
        AppId = AppId,
        MerchantId = MerchantId,
    };

    private bool Fails() => IsUnreliable && Chance(manner.FailsPercent);

    private bool Lags() => IsUnreliable && Chance(manner.LagsPercent);
}
