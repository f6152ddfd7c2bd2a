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
