using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Payments.Refunds;

namespace MerchantPortal.Tests.Simulation;

/// <summary>
/// The portal's works of several steps, as <see cref="QueryAttempt"/>, <see cref="RetireAttempt"/>, <see cref="CloseOrder"/> and
/// <see cref="SettleRefund"/> do them. Between two steps anything may happen, or the process may end.
/// </summary>
internal sealed class PortalWork(SimulatedShop shop, SimulatedGateway gateway, LifeModel model)
{
    public IEnumerable<string> Ask(PaymentAttempt attempt)
    {
        var answer = gateway.Query(attempt.OutTradeNo);
        yield return $"{attempt.OutTradeNo}: {answer.GetType().Name}";
        Hear(answer);
    }

    /// <summary>Makes an open attempt unpayable, or books what was paid meanwhile.</summary>
    public IEnumerable<string> Retire(PaymentAttempt attempt)
    {
        var asked = gateway.Query(attempt.OutTradeNo);
        yield return $"{attempt.OutTradeNo}: {asked.GetType().Name}";
        Hear(asked);
        if (asked is QueryResult.Unknown or QueryResult.Known { Notification.Kind: not NotificationKind.PaymentPending })
        {
            yield break;
        }

        var closed = gateway.Close(attempt.OutTradeNo);
        yield return $"{attempt.OutTradeNo} to be closed: {closed.GetType().Name}";
        if (closed is CloseResult.NotFound)
        {
            shop.CloseAttempt(attempt);
        }
        else if (closed is CloseResult.Closed or CloseResult.AlreadyPaid)
        {
            var confirmed = gateway.Query(attempt.OutTradeNo);
            yield return $"{attempt.OutTradeNo} confirmed: {confirmed.GetType().Name}";
            Hear(confirmed);
        }
    }

    public IEnumerable<string> CloseOrder()
    {
        if (shop.Order.Status != OrderStatus.Pending)
        {
            yield break;
        }

        if (shop.OpenAttempt is { } open)
        {
            foreach (var step in Retire(open))
            {
                yield return step;
            }
        }

        yield return "about to close";
        if (shop.CloseOrder())
        {
            model.OrderClosed();
        }
    }

    public IEnumerable<string> Settle(Refund refund)
    {
        if (shop.Claim(refund) is not { } request)
        {
            yield break;
        }

        yield return $"{refund.RefundNo} claimed";
        var result = SettleRefund.AskAsync(gateway, refund, request, CancellationToken.None).GetAwaiter().GetResult();
        yield return $"{refund.RefundNo}: {result.GetType().Name}";
        shop.RecordAnswer(refund, result);
    }

    private void Hear(QueryResult answer)
    {
        if (answer is QueryResult.Known known)
        {
            shop.HearAnswer(known.Notification);
        }
    }
}
