using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;

namespace MerchantPortal.Tests.Simulation;

/// <summary>Messages that are signed well and cannot be true of this order: each must end before a person, and move nothing.</summary>
internal static class Contradictions
{
    /// <returns>Null where the order does not give cause for the kind that was drawn.</returns>
    public static SimulatedMessage? Make(Random random, SimulatedShop shop)
    {
        if (shop.Attempts.Count == 0)
        {
            return null;
        }

        var attempt = shop.Attempts[random.Next(shop.Attempts.Count)];
        var paid = new VerifiedNotification
        {
            Kind = NotificationKind.PaymentSucceeded,
            Source = NotificationSource.Notification,
            OutTradeNo = attempt.OutTradeNo,
            ChannelTransactionId = $"X{random.Next(1_000_000)}",
            Amount = attempt.Amount,
            Currency = Money.Currency,
            AppId = SimulatedGateway.AppId,
            MerchantId = SimulatedGateway.MerchantId,
        };
        var fact = random.Next(7) switch
        {
            0 => paid with { Amount = attempt.Amount + 1 },
            1 => paid with { AppId = "another" },
            2 => paid with { MerchantId = "another" },
            3 => paid with { Currency = "USD" },
            4 => WithMoneyOfAnother(shop, attempt, paid),
            5 => RefundOfOtherMoney(shop, paid),
            _ => RefundOfTooMuch(shop, paid),
        };
        return fact is null ? null : new SimulatedMessage(fact) { IsContradiction = true };
    }

    private static VerifiedNotification? WithMoneyOfAnother(SimulatedShop shop, PaymentAttempt attempt, VerifiedNotification paid) =>
        shop.Payments.Find(payment => payment.AttemptId != attempt.Id) is { } other ? paid with { ChannelTransactionId = other.ChannelTransactionId } : null;

    /// <summary>Names a refund of ours, and another payment than it is of.</summary>
    private static VerifiedNotification? RefundOfOtherMoney(SimulatedShop shop, VerifiedNotification paid) =>
        shop.Refunds.Find(refund => refund.Status is RefundStatus.Requested or RefundStatus.Processing) is { } open
        && shop.Payments.Find(payment => payment.AttemptId == open.AttemptId && payment.Id != open.PaymentId) is { } other
            ? Refunding(shop, other, paid, open.RefundNo, open.Amount)
            : null;

    private static VerifiedNotification? RefundOfTooMuch(SimulatedShop shop, VerifiedNotification paid) =>
        shop.Payments is [.., var last] ? Refunding(shop, last, paid, "CONSOLE-X", last.Amount + 1) : null;

    private static VerifiedNotification Refunding(SimulatedShop shop, Payment payment, VerifiedNotification paid, string number, long amount) => paid with
    {
        Kind = NotificationKind.RefundSucceeded,
        OutTradeNo = shop.Attempts.Single(attempt => attempt.Id == payment.AttemptId).OutTradeNo,
        ChannelTransactionId = payment.ChannelTransactionId,
        Refund = new RefundFact(number, null, amount, null),
    };
}
