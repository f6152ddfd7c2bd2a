using System.Globalization;
using MerchantPortal.Payments;
using MerchantPortal.Payments.Notifications;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Simulation;

/// <summary>
/// Thousands of orders live through everything that can go wrong, each in an order of its own that a number gives. <c>SIMULATION_SEED</c>
/// runs one of them and tells its story; <c>SIMULATION_SEEDS</c> runs so many.
/// </summary>
public sealed class DecisionSimulationTests
{
    private const int Seeds = 10_000;
    private const int SeedsToFind = 200;
    private const int Shuffles = 5;

    public static TheoryData<string> Broken { get; } = [.. BrokenRules.All.Keys];

    [Fact]
    public void Whatever_is_lost_late_repeated_or_cut_off_every_fen_is_accounted_for()
    {
        foreach (var seed in SeedsToRun())
        {
            if (SimulatedLife.Run(seed, PaymentStateMachine.Decide) is not null)
            {
                Fail(seed);
            }
        }
    }

    [Fact]
    public void The_same_messages_end_alike_in_whatever_order_they_come()
    {
        foreach (var seed in SeedsToRun())
        {
            SimulatedLife.Run(seed, PaymentStateMachine.Decide, null, out var life);
            if (life.Gateway.LeavesDoubt)
            {
                continue;
            }

            var told = life.Told.Where(message => !message.IsContradiction).ToArray();
            var random = new Random(seed);
            var ends = Enumerable.Range(0, told.Length < 2 ? 1 : Shuffles).Select(_ =>
            {
                random.Shuffle(told);
                return EndOf(told, life.Gateway);
            }).Distinct().ToList();
            Assert.True(ends.Count == 1, $"{Reproduce(seed)}\n{string.Join('\n', ends)}");
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_found_out(string rule) =>
        Assert.Contains(Enumerable.Range(1, SeedsToFind), seed => SimulatedLife.Run(seed, BrokenRules.All[rule]) is not null);

    private static IEnumerable<int> SeedsToRun() => Number("SIMULATION_SEED") is { } one ? [one] : Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? Seeds);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Fail(int seed)
    {
        var story = new List<string>();
        var wrong = SimulatedLife.Run(seed, PaymentStateMachine.Decide, story);
        Assert.Fail($"{Reproduce(seed)}\n{wrong}\n{string.Join('\n', story)}");
    }

    private static string Reproduce(int seed) =>
        string.Create(CultureInfo.InvariantCulture, $"SIMULATION_SEED={seed} dotnet test MerchantPortal.Tests --filter DecisionSimulationTests");

    /// <summary>What is on record after these messages alone, and after as many retries as help.</summary>
    private static string EndOf(SimulatedMessage[] told, SimulatedGateway gateway)
    {
        var amount = told.Length == 0 ? 1 : told[0].Fact.Amount ?? 0;
        var shop = new SimulatedShop(PaymentStateMachine.Decide, new FakeTimeProvider(), amount) { OnProving = gateway.Complete };
        shop.Attempts.AddRange(told.Select(message => message.Fact.OutTradeNo ?? "").Distinct().Order().Select(shop.NewAttempt));
        foreach (var message in told)
        {
            shop.Receive(message);
        }

        for (var tries = 0; tries <= told.Length; tries++)
        {
            shop.Inbox.Where(capture => capture.Status == CallbackStatus.Deferred).ToList().ForEach(shop.Process);
        }

        var money = shop.Payments.OrderBy(payment => payment.ChannelTransactionId, StringComparer.Ordinal)
            .Select(payment => $"{payment.ChannelTransactionId}: {payment.Amount} - {shop.RefundedOf(payment)}");
        // With more than one payment the first to come is the order's own.
        var order = shop.Payments.Count > 1 ? "" : $"{shop.Order.Status} {shop.Order.RefundedAmount}";
        return $"paid {shop.Order.PaidAmount} {order} {string.Join(", ", money)}";
    }
}
