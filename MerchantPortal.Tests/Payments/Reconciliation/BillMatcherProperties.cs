using FsCheck;
using FsCheck.Fluent;
using MerchantPortal.Payments.Channels.Bills;
using MerchantPortal.Payments.Reconciliation;

namespace MerchantPortal.Tests.Payments.Reconciliation;

/// <summary>Whatever a bill says and whatever the books have, the differences explain all of it, and nothing twice.</summary>
public sealed class BillMatcherProperties
{
    private const int Numbers = 6;

    [Fact]
    public void The_differences_add_up_to_the_difference_of_the_sums() => ForAll(world =>
    {
        var theirs = world.Lines.Where(line => line.Status == BillRowStatus.Succeeded).Sum(line => line.Kind == BillRowKind.Payment ? line.Amount : -line.Amount);
        var ours = world.Payments.Sum(payment => payment.Amount)
            - world.Refunds.Where(refund => refund.IsDone && !IsUnderWay(world, refund)).Sum(refund => refund.Amount);
        Assert.Equal(theirs - ours, world.Find().Sum(finding => finding.Delta));
    });

    [Fact]
    public void Nothing_is_told_twice() => ForAll(world =>
    {
        var subjects = world.Find().Select(finding => finding.SubjectKey).ToList();
        Assert.Equal(subjects.Count, subjects.Distinct().Count());
    });

    [Fact]
    public void Books_that_say_what_the_bill_says_have_no_difference() => ForAll(world =>
    {
        var lines = world.Lines.Where(line => !line.IsRepeat && line.Kind == BillRowKind.Payment).ToList();
        var books = new OurBooks(lines.ToDictionary(line => line.TransactionId, line => new OurPayment(Guid.NewGuid(), Guid.NewGuid(), line.TransactionId, line.Amount)), [], null);
        Assert.Empty(BillMatcher.Compare(lines, books));
    });

    [Theory]
    [InlineData(10_000, 60, 6_000, false)]
    [InlineData(10_000, 61, 6_000, false)]
    [InlineData(10_000, 62, 6_000, true)]
    [InlineData(10_000, 0, 6_000, true)]
    [InlineData(10_000, 38, 3_800, false)]
    public void A_fee_is_measured_by_the_rate_and_may_be_rounded(long amount, long fee, long rate, bool differs)
    {
        var line = Line(1, BillRowKind.Payment, BillRowStatus.Succeeded, 1, amount, false, fee);
        var books = new OurBooks(new Dictionary<string, OurPayment> { ["T1"] = new(Guid.NewGuid(), Guid.NewGuid(), "T1", amount) }, [], rate);

        Assert.Equal(differs ? [DifferenceKind.Fee] : [], BillMatcher.Compare([line], books).Select(finding => finding.Kind));
    }

    private static bool IsUnderWay(World world, OurRefund refund) => world.Lines.Any(line => line.RefundNo == refund.RefundNo && line.Status == BillRowStatus.Pending);

    private static void ForAll(Action<World> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Worlds().ToArbitrary(), holds));

    private static Gen<World> Worlds() =>
        from told in Gen.ListOf(
            from kind in Gen.Elements(BillRowKind.Payment, BillRowKind.Refund)
            from status in Gen.Elements(BillRowStatus.Succeeded, BillRowStatus.Pending, BillRowStatus.Failed)
            from number in Gen.Choose(1, Numbers)
            from amount in Gen.Choose(1, 3)
            select (kind, status: kind == BillRowKind.Payment ? BillRowStatus.Succeeded : status, number, amount))
        from payments in Gen.SubListOf(Enumerable.Range(1, Numbers))
        from refunds in Gen.SubListOf(Enumerable.Range(1, Numbers))
        from isDone in Gen.Elements(true, false)
        from amount in Gen.Choose(1, 3)
        select new World(
            [.. Lines(told)],
            [.. payments.Select(number => new OurPayment(Guid.NewGuid(), Guid.NewGuid(), $"T{number}", amount))],
            [.. refunds.Select(number => new OurRefund(Guid.NewGuid(), Guid.NewGuid(), $"R{number}", null, amount, isDone))]);

    /// <summary>What is told again is told in the same words, as a doubled line is.</summary>
    private static IEnumerable<BillLine> Lines(IEnumerable<(BillRowKind Kind, BillRowStatus Status, int Number, int Amount)> told)
    {
        var first = new Dictionary<(BillRowKind, int), (BillRowStatus Status, int Amount)>();
        foreach (var (index, (kind, status, number, amount)) in told.Index())
        {
            var isRepeat = !first.TryAdd((kind, number), (status, amount));
            yield return Line(index + 1, kind, first[(kind, number)].Status, number, first[(kind, number)].Amount, isRepeat, 0);
        }
    }

    private static BillLine Line(int line, BillRowKind kind, BillRowStatus status, int number, long amount, bool isRepeat, long fee) => new()
    {
        BillId = Guid.Empty,
        ChannelAccountId = Guid.Empty,
        Line = line,
        Kind = kind,
        Status = status,
        Key = kind == BillRowKind.Payment ? $"T{number}" : $"refund:R{number}",
        TransactionId = $"T{number}",
        OutTradeNo = $"PX{number}",
        RefundNo = kind == BillRowKind.Payment ? "" : $"R{number}",
        RefundId = "",
        Amount = amount,
        Fee = fee,
        At = DateTimeOffset.UnixEpoch,
        IsRepeat = isRepeat,
        FeeId = Guid.NewGuid(),
    };

    private sealed record World(IReadOnlyList<BillLine> Lines, IReadOnlyList<OurPayment> Payments, IReadOnlyList<OurRefund> Refunds)
    {
        public List<Finding> Find()
        {
            var told = Lines.Select(line => line.Key).ToHashSet();
            return
            [
                .. BillMatcher.Compare(Lines, new OurBooks(Payments.ToDictionary(payment => payment.TransactionId), Refunds, null)),
                .. Payments.Where(payment => !told.Contains(payment.TransactionId)).Select(BillMatcher.Missing),
                .. Refunds.Where(refund => refund.IsDone && !told.Contains($"refund:{refund.RefundNo}")).Select(BillMatcher.Missing),
            ];
        }
    }
}
