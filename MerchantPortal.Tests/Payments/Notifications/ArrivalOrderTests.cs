using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Whatever the order in which the world's events reach us, they end the same.</summary>
public sealed class ArrivalOrderTests
{
    private const int CreateAnswer = 0;
    private const int Success = 1;
    private const int DuplicateSuccess = 2;
    private const int Close = 3;
    private const int SecondTransaction = 4;
    private const int RefundOfAll = 5;
    private const int ClosedAtGateway = 6;

    [Fact]
    public async Task Every_order_of_arrival_ends_with_the_same_money()
    {
        using var fixture = await NotificationFixture.StartAsync();
        foreach (var events in Permutations([CreateAnswer, Success, DuplicateSuccess, Close, SecondTransaction]))
        {
            await AssertEndAsync(fixture, events);
        }
    }

    private static async Task AssertEndAsync(NotificationFixture fixture, int[] events)
    {
        var order = await fixture.PlaceAsync();
        var answer = new TaskCompletionSource();
        fixture.Gateway.Answering = answer.Task;
        var starting = fixture.Portal.Get<StartPayment>().ExecuteAsync(
            new StartPaymentRequest(order.Id, fixture.Account.Id, PaymentMethod.Native), Actor.System(fixture.Store.Id), CancellationToken.None);
        var outTradeNo = await OutTradeNoAsync(fixture, order.Id);
        // From here on only the create call waits; the gateway knows the number and nobody has paid.
        fixture.Gateway.Answering = Task.CompletedTask;
        fixture.Gateway.Trades.TryAdd(outTradeNo, new FakeTrade(outTradeNo, order.Amount));
        var first = new FakeMessage(NotificationKind.PaymentSucceeded, outTradeNo, $"A-{outTradeNo}", order.Amount);
        foreach (var step in events)
        {
            switch (step)
            {
                case CreateAnswer:
                    answer.SetResult();
                    await starting;
                    break;
                case Close:
                    await fixture.Portal.Get<CloseOrder>().ExecuteAsync(order.Id, fixture.Staff, CancellationToken.None);
                    break;
                default:
                    await fixture.PostAsync(step == SecondTransaction ? first with { TransactionId = $"B-{outTradeNo}" } : first);
                    break;
            }
        }

        var end = await fixture.Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == order.Id));
        var payments = await fixture.Portal.ReadAsync(db => db.Payments.AsNoTracking().Where(row => row.OrderId == order.Id).ToListAsync());
        var firstMoney = events.First(step => step is Success or DuplicateSuccess or SecondTransaction);
        var late = Array.IndexOf(events, Close) < Array.IndexOf(events, firstMoney);
        var name = string.Join(',', events);
        Assert.True((OrderStatus.Paid, order.Amount) == (end.Status, end.PaidAmount), name);
        Assert.True(late == end.Flags.HasFlag(OrderFlags.PaidLate), name);
        Assert.True(end.Flags.HasFlag(OrderFlags.DuplicateMoney), name);
        Assert.Equal([$"A-{outTradeNo}", $"B-{outTradeNo}"], payments.Select(row => row.ChannelTransactionId).Order());
        Assert.Single(payments, row => row.IsSurplus);
    }

    /// <summary>
    /// Success, a refund of all of it made at the gateway, our own closing, a second payment, and the gateway's word that the number is
    /// closed, in all 120 orders, each followed by the retries that are due: what is owed and what was given back is the same in every one.
    /// </summary>
    [Fact]
    public async Task Every_order_of_payment_refund_close_and_late_money_ends_with_the_same_money()
    {
        using var fixture = await NotificationFixture.StartAsync();
        foreach (var events in Permutations([Success, RefundOfAll, Close, SecondTransaction, ClosedAtGateway]))
        {
            var order = await fixture.PlaceAsync();
            var outTradeNo = (await fixture.StartPaymentAsync(order)).OutTradeNo;
            var first = new FakeMessage(NotificationKind.PaymentSucceeded, outTradeNo, $"A-{outTradeNo}", order.Amount);
            foreach (var step in events)
            {
                await (step == Close
                    ? fixture.Portal.Get<CloseOrder>().ExecuteAsync(order.Id, fixture.Staff, CancellationToken.None)
                    : (Task)fixture.PostAsync(MessageOf(step, first)));
            }

            // What came too early is tried again until it fits, an hour at the most.
            for (var tries = 0; tries < 7; tries++)
            {
                fixture.Time.Advance(TimeSpan.FromMinutes(20));
                await fixture.RetryDueAsync();
            }

            await AssertRefundedEndAsync(fixture, order.Id, events);
        }

        await fixture.Portal.AssertInvariantsAsync();
    }

    private static FakeMessage MessageOf(int step, FakeMessage first) => step switch
    {
        Success => first,
        SecondTransaction => first with { Id = Guid.NewGuid().ToString("N"), TransactionId = $"B-{first.OutTradeNo}" },
        RefundOfAll => first with { Id = Guid.NewGuid().ToString("N"), Kind = NotificationKind.RefundSucceeded, RefundNo = $"R-{first.OutTradeNo}", RefundAmount = first.Amount },
        ClosedAtGateway => first with { Id = Guid.NewGuid().ToString("N"), Kind = NotificationKind.PaymentClosed, TransactionId = null },
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>
    /// Whichever of the two payments came first is the order's; the refund names A. It gives the order's money back where A is that, and
    /// where it is the surplus, that is no longer owed. Giving money back ends its case, and with the case the flag.
    /// </summary>
    private static async Task AssertRefundedEndAsync(NotificationFixture fixture, Guid orderId, int[] events)
    {
        var name = string.Join(',', events);
        var end = await fixture.Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == orderId));
        var payments = await fixture.Portal.ReadAsync(db => db.Payments.AsNoTracking().Where(row => row.OrderId == orderId).OrderBy(row => row.ChannelTransactionId).ToListAsync());
        var waiting = await fixture.Portal.ReadAsync(db => db.Inbox.CountAsync(row => row.OrderId == orderId && row.Status == CallbackStatus.Deferred));
        Assert.True(payments.Count == 2 && payments.Count(row => row.IsSurplus) == 1, name);
        Assert.True((end.PaidAmount, waiting) == (end.Amount, 0), name);
        var ownMoneyRefunded = !payments[0].IsSurplus;
        Assert.True((ownMoneyRefunded ? OrderStatus.Refunded : OrderStatus.Paid) == end.Status, $"{name}: {end.Status}");
        Assert.True((ownMoneyRefunded ? end.Amount : 0) == end.RefundedAmount, name);
        var closedFirst = Array.IndexOf(events, Close) < Math.Min(Array.IndexOf(events, Success), Array.IndexOf(events, SecondTransaction));
        Assert.True((closedFirst && !ownMoneyRefunded) == end.Flags.HasFlag(OrderFlags.PaidLate), name);
        Assert.True(ownMoneyRefunded == end.Flags.HasFlag(OrderFlags.DuplicateMoney), name);
    }

    private static async Task<string> OutTradeNoAsync(NotificationFixture fixture, Guid orderId)
    {
        string? number = null;
        while (number is null)
        {
            await Task.Yield();
            number = await fixture.Portal.ReadAsync(db => db.Attempts.Where(row => row.OrderId == orderId).Select(row => row.OutTradeNo).SingleOrDefaultAsync());
        }

        return number;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
