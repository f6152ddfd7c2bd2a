using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Simulation;

/// <summary>
/// What must hold of one order, whatever happened: told from what the gateway has really done and from what the shop has heard of it, without
/// the portal's table.
/// </summary>
internal sealed class LifeModel(SimulatedGateway gateway, SimulatedShop shop)
{
    private readonly List<string> _heard = [];
    private bool _closed;
    private bool _late;

    private static LedgerAccount[] Accounts { get; } = [LedgerAccount.GatewayBalance, LedgerAccount.Sales, LedgerAccount.Surplus, LedgerAccount.Refunds];

    public void OrderClosed() => _closed = true;

    /// <summary>The first true word of a transaction whose number the shop knows: from here on it must be on record.</summary>
    public void Hear(VerifiedNotification message)
    {
        if (message.Kind != NotificationKind.PaymentSucceeded || _heard.Contains(message.ChannelTransactionId ?? "")
            || !shop.Attempts.Exists(attempt => attempt.OutTradeNo == message.OutTradeNo) || !IsTrue(message))
        {
            return;
        }

        _late |= _closed && _heard.Count == 0;
        _heard.Add(message.ChannelTransactionId ?? "");
    }

    /// <returns>The first thing that is wrong at this moment; null when all is right.</returns>
    public string? FindWrong()
    {
        var main = shop.Payments.Where(payment => !payment.IsSurplus).ToList();
        return Unless(shop.Payments.Select(payment => payment.ChannelTransactionId).ToHashSet().SetEquals(_heard) && shop.Payments.Count == _heard.Count,
                "recorded: " + string.Join(' ', shop.Payments.Select(payment => payment.ChannelTransactionId)) + ", heard of: " + string.Join(' ', _heard))
            ?? Unless(main.Count <= 1 && main.All(payment => payment.ChannelTransactionId == _heard[0]), "the first money pays the order, once")
            ?? Unless(shop.Order.PaidAmount == main.Sum(payment => payment.Amount) && main.Count == Math.Min(1, _heard.Count), "paid amount")
            ?? Unless(shop.Payments.TrueForAll(IsTrue), "a payment that the gateway does not have")
            ?? Unless(shop.Payments.TrueForAll(payment => shop.Attempts.Single(row => row.Id == payment.AttemptId).Status == AttemptStatus.Paid), "money of an attempt that is not paid")
            ?? Unless(StatusIsRight(main.FirstOrDefault()), $"order {shop.Order.Status}, refunded {shop.Order.RefundedAmount}")
            ?? Unless(shop.Order.Flags.HasFlag(OrderFlags.PaidLate) == _late, "paid late")
            ?? shop.Payments.Select(FindWrong).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>When the faults are over and everything has had its time: nothing is missing any more.</summary>
    /// <inheritdoc cref="FindWrong()"/>
    public string? FindWrongAtRest() => FindWrong()
        ?? Unless(_heard.ToHashSet().SetEquals(gateway.Taken.Select(taken => taken.Id)), "money that the gateway took is not recorded")
        ?? shop.Payments.Select(payment => Unless(
                (shop.RefundedOf(payment) == gateway.ReturnedOf(payment.ChannelTransactionId) || Waits) && payment.RefundReserved == shop.RefundedOf(payment),
                $"{payment.ChannelTransactionId}: given back {gateway.ReturnedOf(payment.ChannelTransactionId)}, recorded {shop.RefundedOf(payment)}, reserved {payment.RefundReserved}"))
            .FirstOrDefault(wrong => wrong is not null)
        ?? shop.Inbox.Where(capture => (capture.Status == CallbackStatus.Quarantined) != capture.Message.IsContradiction)
            .Select(capture => $"what contradicts is quarantined, and nothing else: {capture.Status} {capture.Message.Fact}").FirstOrDefault()
        ?? shop.Attempts.Where(attempt => Witnesses.Of(attempt).Verdict == WitnessVerdict.Disagree && !IsContradicted(attempt))
            .Select(attempt => $"the three who know do not say the same, and nothing says why: {attempt.OutTradeNo} {Witnesses.Of(attempt)}").FirstOrDefault()
        ?? Unless(!Waits || gateway.LeavesDoubt, "a message still waits")
        ?? Unless(shop.Order.Flags.HasFlag(OrderFlags.DuplicateMoney) == shop.Payments.Exists(payment => payment.IsSurplus && shop.RefundedOf(payment) < payment.Amount), "duplicate money")
        ?? Unless(Waits || Accounts.All(account => Balance(account) == Expected(account)), "the books do not balance");

    /// <summary>Before a person, who then has to look at the gateway's own pages.</summary>
    private bool Waits => shop.Inbox.Exists(capture => capture.Status is CallbackStatus.Deferred or CallbackStatus.Rejected);

    private bool IsContradicted(PaymentAttempt attempt) => shop.Inbox.Exists(capture => capture.Message.IsContradiction && capture.Message.Fact.OutTradeNo == attempt.OutTradeNo);

    private static string? Unless(bool right, string wrong) => right ? null : wrong;

    private bool StatusIsRight(Payment? main) => shop.Order.Status switch
    {
        OrderStatus.Pending => main is null && !_closed,
        OrderStatus.Closed => main is null && _closed,
        OrderStatus.Paid => main is not null && shop.RefundedOf(main) == 0 && shop.Order.RefundedAmount == 0,
        OrderStatus.PartiallyRefunded => main is not null && shop.RefundedOf(main) == shop.Order.RefundedAmount
            && shop.Order.RefundedAmount > 0 && shop.Order.RefundedAmount < shop.Order.Amount,
        OrderStatus.Refunded => main is not null && shop.RefundedOf(main) == shop.Order.RefundedAmount && shop.Order.RefundedAmount == shop.Order.Amount,
    };

    private string? FindWrong(Payment payment) =>
        Unless(shop.RefundedOf(payment) <= gateway.ReturnedOf(payment.ChannelTransactionId),
            $"{payment.ChannelTransactionId}: recorded {shop.RefundedOf(payment)} as given back, the gateway gave back {gateway.ReturnedOf(payment.ChannelTransactionId)}")
        ?? Unless(payment.RefundReserved <= payment.Amount, "more is reserved than was paid")
        ?? Unless(payment.RefundReserved == shop.Refunds.Where(refund => refund.PaymentId == payment.Id && refund.HoldsMoney).Sum(refund => refund.Amount), "what is reserved is not what is under way");

    private bool IsTrue(Payment payment) => gateway.Taken.Any(taken => taken.Id == payment.ChannelTransactionId && taken.Trade.Amount == payment.Amount
        && shop.Attempts.Exists(attempt => attempt.Id == payment.AttemptId && attempt.OutTradeNo == taken.Trade.OutTradeNo));

    private bool IsTrue(VerifiedNotification message) =>
        message.AppId == SimulatedGateway.AppId && message.MerchantId == SimulatedGateway.MerchantId && message.Currency == Money.Currency
        && gateway.Taken.Any(taken => taken.Id == message.ChannelTransactionId && taken.Trade.OutTradeNo == message.OutTradeNo && taken.Trade.Amount == message.Amount);

    /// <summary>Debits less credits.</summary>
    private long Balance(LedgerAccount account) => shop.Postings.Sum(posting =>
        (posting.Accounts.Debit == account ? posting.Amount : 0) - (posting.Accounts.Credit == account ? posting.Amount : 0));

    private long Expected(LedgerAccount account)
    {
        var main = _heard.Count == 0 ? 0 : gateway.ReturnedOf(_heard[0]);
        var surplus = _heard.Skip(1).Sum(id => shop.Order.Amount - gateway.ReturnedOf(id));
        return account switch
        {
            LedgerAccount.GatewayBalance => gateway.Taken.Sum(taken => taken.Trade.Amount - gateway.ReturnedOf(taken.Id)),
            LedgerAccount.Sales => _heard.Count == 0 ? 0 : -shop.Order.Amount,
            LedgerAccount.Surplus => -surplus,
            LedgerAccount.Refunds => main,
            LedgerAccount.Fees => 0,
        };
    }
}
