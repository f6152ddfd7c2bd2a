using System.Net;
using MerchantPortal.Cases;
using MerchantPortal.Orders;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Tests.Payments.Notifications;

/// <summary>Genuine messages that are not about this order, this amount or this merchant: kept, answered, shown to a person, and never money.</summary>
public sealed class MismatchTests
{
    private const string AmountWrong = DecisionReasons.AmountMismatch;
    private const string CurrencyWrong = DecisionReasons.CurrencyMismatch;
    private const string AppWrong = DecisionReasons.AppMismatch;
    private const string MerchantWrong = DecisionReasons.MerchantMismatch;

    private static readonly (string Name, Func<FakeMessage, FakeMessage> Change, string Reason, CaseKind Kind)[] Cases =
    [
        ("nothing", m => m with { Amount = 0 }, AmountWrong, CaseKind.ShortMoney),
        ("one fen", m => m with { Amount = 1 }, AmountWrong, CaseKind.ShortMoney),
        ("one fen short", m => m with { Amount = 1_279 }, AmountWrong, CaseKind.ShortMoney),
        ("yuan for fen", m => m with { Amount = 12 }, AmountWrong, CaseKind.ShortMoney),
        ("half", m => m with { Amount = 640 }, AmountWrong, CaseKind.ShortMoney),
        ("negative", m => m with { Amount = -1_280 }, AmountWrong, CaseKind.ShortMoney),
        ("least number", m => m with { Amount = long.MinValue }, AmountWrong, CaseKind.ShortMoney),
        ("one fen over", m => m with { Amount = 1_281 }, AmountWrong, CaseKind.OverMoney),
        ("double", m => m with { Amount = 2_560 }, AmountWrong, CaseKind.OverMoney),
        ("fen for yuan", m => m with { Amount = 128_000 }, AmountWrong, CaseKind.OverMoney),
        ("greatest number", m => m with { Amount = long.MaxValue }, AmountWrong, CaseKind.OverMoney),
        ("no amount", m => m with { Amount = null }, AmountWrong, CaseKind.Contradiction),
        ("dollars", m => m with { Currency = "USD" }, CurrencyWrong, CaseKind.Contradiction),
        ("Hong Kong dollars", m => m with { Currency = "HKD" }, CurrencyWrong, CaseKind.Contradiction),
        ("small letters", m => m with { Currency = "cny" }, CurrencyWrong, CaseKind.Contradiction),
        ("the other name of the currency", m => m with { Currency = "RMB" }, CurrencyWrong, CaseKind.Contradiction),
        ("empty currency", m => m with { Currency = "" }, CurrencyWrong, CaseKind.Contradiction),
        ("currency with a blank", m => m with { Currency = "CNY " }, CurrencyWrong, CaseKind.Contradiction),
        ("another app", m => m with { AppId = "other-app" }, AppWrong, CaseKind.Contradiction),
        ("empty app", m => m with { AppId = "" }, AppWrong, CaseKind.Contradiction),
        ("app in capitals", m => m with { AppId = "FAKE-APP" }, AppWrong, CaseKind.Contradiction),
        ("app with a blank", m => m with { AppId = "fake-app " }, AppWrong, CaseKind.Contradiction),
        ("longer app", m => m with { AppId = "fake-app2" }, AppWrong, CaseKind.Contradiction),
        ("merchant as app", m => m with { AppId = FakeGateway.MerchantId }, AppWrong, CaseKind.Contradiction),
        ("another merchant or seller", m => m with { MerchantId = "other-merchant" }, MerchantWrong, CaseKind.Contradiction),
        ("empty merchant", m => m with { MerchantId = "" }, MerchantWrong, CaseKind.Contradiction),
        ("merchant in capitals", m => m with { MerchantId = "FAKE-MERCHANT" }, MerchantWrong, CaseKind.Contradiction),
        ("merchant with a blank", m => m with { MerchantId = " fake-merchant" }, MerchantWrong, CaseKind.Contradiction),
        ("app as merchant", m => m with { MerchantId = FakeGateway.AppId }, MerchantWrong, CaseKind.Contradiction),
        ("all of it", m => m with { Amount = 1, Currency = "USD", AppId = "x", MerchantId = "y" }, AmountWrong, CaseKind.ShortMoney),
    ];

    [Fact]
    public async Task Thirty_mismatches_are_answered_quarantined_and_a_case_each_and_none_is_money()
    {
        Assert.Equal(30, Cases.Length);
        using var fixture = await NotificationFixture.StartAsync();
        foreach (var (name, change, reason, kind) in Cases)
        {
            var order = await fixture.PlaceAsync();
            var attempt = await fixture.StartPaymentAsync(order);
            var (status, _) = await fixture.PostAsync(change(fixture.Gateway.Pay(attempt.OutTradeNo)));

            Assert.True(status == HttpStatusCode.OK, name);
            var entry = await fixture.Portal.ReadAsync(db => db.Inbox.AsNoTracking().SingleAsync(row => row.OutTradeNo == attempt.OutTradeNo));
            Assert.True((entry.Status, entry.Reason) == (CallbackStatus.Quarantined, reason), $"{name}: {entry.Status} {entry.Reason}");
            var found = await fixture.Portal.ReadAsync(db => db.Cases.AsNoTracking().SingleAsync(row => row.OrderId == order.Id));
            Assert.True((found.Kind, found.Status, found.CaptureId) == (kind, CaseStatus.Open, entry.Id), $"{name}: {found.Kind}");
            var after = await fixture.Portal.ReadAsync(db => db.Orders.AsNoTracking().SingleAsync(row => row.Id == order.Id));
            Assert.True((after.Status, after.PaidAmount, after.Flags) == (OrderStatus.Pending, 0, OrderFlags.NeedsReview), name);
        }

        Assert.Equal(0, await fixture.Portal.ReadAsync(db => db.Payments.CountAsync()));
        Assert.Equal(0, await fixture.Portal.ReadAsync(db => db.LedgerEntries.CountAsync()));
        await fixture.Portal.AssertInvariantsAsync();
    }
}
