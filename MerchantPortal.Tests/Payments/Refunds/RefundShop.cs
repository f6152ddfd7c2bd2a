using MerchantPortal.Cases;
using MerchantPortal.Data;
using MerchantPortal.Operations;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Ledger;
using MerchantPortal.Payments.Refunds;
using MerchantPortal.Tests.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Refunds;

/// <summary>A shop with one paid order over ¥12.80, on a clock that stands still and without background work.</summary>
internal sealed class RefundShop : IDisposable
{
    public const long Amount = 1_280;

    private RefundShop(NotificationFixture fixture, Order order, PaymentAttempt attempt) => (Fixture, OrderId, Attempt) = (fixture, order.Id, attempt);

    public NotificationFixture Fixture { get; }

    public Guid OrderId { get; }

    public PaymentAttempt Attempt { get; }

    public FakeGateway Gateway => Fixture.Gateway;

    public PortalFactory Portal => Fixture.Portal;

    public static async Task<RefundShop> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        var fixture = await NotificationFixture.StartAsync(provider);
        var order = await fixture.PlaceAsync(Amount);
        var attempt = await fixture.StartPaymentAsync(order);
        await fixture.PostAsync(fixture.Gateway.Pay(attempt.OutTradeNo));
        return new RefundShop(fixture, order, attempt);
    }

    public Task<RefundPaymentResult> RefundAsync(long amount, string? number = null, Guid? paymentId = null) => Portal.Get<RefundPayment>().ExecuteAsync(
        new RefundWish(OrderId, paymentId, amount, RefundReason.Defective, "破损", number), Fixture.Staff, CancellationToken.None);

    /// <summary>The refund as it stands when the person has the answer.</summary>
    public async Task<Refund> TakenAsync(long amount, string? number = null, Guid? paymentId = null) =>
        Assert.IsType<RefundPaymentResult.Taken>(await RefundAsync(amount, number, paymentId)).Refund;

    /// <summary>The gateway's message about a refund arrives.</summary>
    public async Task TellAsync(string refundNo, FakeRefundState state)
    {
        Gateway.Refunds[refundNo].State = state;
        var message = Gateway.TellOfRefund(refundNo) with { TransactionId = Gateway.Refunds[refundNo].TransactionId };
        await Fixture.PostAsync(message);
    }

    /// <summary>Another buyer's money for the same order.</summary>
    public async Task<Payment> PayAgainAsync()
    {
        var second = Gateway.Trades[Attempt.OutTradeNo].ToMessage() with { TransactionId = "SECOND" };
        await Fixture.PostAsync(second);
        return await Portal.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(row => row.IsSurplus));
    }

    public async Task RunJobAsync(TimeSpan later)
    {
        Fixture.Time.Advance(later);
        await Portal.Get<RefundJob>().RunOnceAsync(CancellationToken.None);
    }

    public Task<Order> OrderAsync() => Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync());

    public Task<List<Refund>> RefundsAsync() => Portal.ReadAsync(db => db.Refunds.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    public Task<List<Case>> OpenCasesAsync() => Portal.ReadAsync(db => db.Cases.AsNoTracking().Where(row => row.Status == CaseStatus.Open).ToListAsync());

    public Task<long> ReservedAsync() => Portal.ReadAsync(db => db.Payments.Where(row => !row.IsSurplus).Select(row => row.RefundReserved).SingleAsync());

    public Task<List<LedgerMovement>> MovementsAsync() => Portal.ReadAsync(db => db.LedgerEntries.Where(row => row.Debit > 0)
        .OrderBy(row => row.Day).ThenBy(row => row.Number).Select(row => row.Movement).ToListAsync());

    public int Calls(string kind) => Gateway.Calls.Count(call => call.StartsWith($"{kind} ", StringComparison.Ordinal));

    public async Task AssertInvariantsAsync() =>
        Assert.All(await Portal.Get<InvariantCheck>().RunAsync(CancellationToken.None), verdict => Assert.True(verdict.Holds, verdict.ToString()));

    public void Dispose() => Fixture.Dispose();
}
