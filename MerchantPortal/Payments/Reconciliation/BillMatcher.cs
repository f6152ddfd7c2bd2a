using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Compares a bill with the books. Pure: no clock, no database. Whatever it is given, the gateway's sum less ours is the sum of the
/// <see cref="Finding.Delta"/>s that it finds.
/// </summary>
internal static class BillMatcher
{
    /// <summary>Gateways round each fee for themselves.</summary>
    private const long FeeTolerance = 1;

    /// <param name="ours">Everything that the books have of the lines.</param>
    public static IEnumerable<Finding> Compare(IEnumerable<BillLine> lines, OurBooks ours) =>
        lines.Select(line => line.Kind == BillRowKind.Payment ? OfPayment(line, ours) : OfRefund(line, ours)).OfType<Finding>();

    /// <summary>A payment of ours of which the bill of its day says nothing.</summary>
    public static Finding Missing(OurPayment payment) => new(DifferenceKind.Short, payment.TransactionId, -payment.Amount)
    {
        Ours = payment.Amount,
        OrderId = payment.OrderId,
        PaymentId = payment.Id,
    };

    /// <summary>A refund of ours that is done and of which the bill of its day says nothing.</summary>
    public static Finding Missing(OurRefund refund) => new(DifferenceKind.Refund, BillRow.RefundKey(refund.RefundNo), refund.Amount)
    {
        Ours = refund.Amount,
        OrderId = refund.OrderId,
        RefundId = refund.Id,
    };

    private static Finding? OfPayment(BillLine line, OurBooks ours)
    {
        var theirs = line.Status == BillRowStatus.Succeeded ? line.Amount : 0;
        var payment = ours.Payments.GetValueOrDefault(line.TransactionId);
        return line.IsRepeat ? Of(DifferenceKind.Duplicate, line, theirs, payment)
            : payment is null ? Of(DifferenceKind.Long, line, theirs, payment)
            : theirs != payment.Amount ? Of(DifferenceKind.Amount, line, theirs - payment.Amount, payment)
            : OfFee(line, ours, payment);
    }

    /// <summary>Measured by the contract, else by the rate that the bill names; and by what an earlier bill had booked.</summary>
    private static Finding? OfFee(BillLine line, OurBooks ours, OurPayment payment)
    {
        var due = (ours.AgreedRate ?? line.FeeRate) is { } rate ? ((line.Amount * rate) + 500_000) / 1_000_000 : (long?)null;
        var expected = due is { } fee && Math.Abs(line.Fee - fee) > FeeTolerance ? fee
            : ours.BookedFees.TryGetValue(line.FeeId, out var booked) && booked != line.Fee ? booked
            : line.Fee;
        return expected == line.Fee ? null : Of(DifferenceKind.Fee, line, 0, payment) with { Theirs = line.Fee, Ours = expected };
    }

    private static Finding? OfRefund(BillLine line, OurBooks ours)
    {
        var theirs = line.Status == BillRowStatus.Succeeded ? line.Amount : 0;
        var refund = ours.Refund(line);
        if (line.IsRepeat || refund is null)
        {
            return Of(line.IsRepeat ? DifferenceKind.Duplicate : DifferenceKind.Refund, line, -theirs, refund);
        }

        return (line.Status, refund.IsDone) switch
        {
            (BillRowStatus.Succeeded, true) when line.Amount != refund.Amount => Of(DifferenceKind.Refund, line, refund.Amount - line.Amount, refund),
            (BillRowStatus.Succeeded, true) => null,
            (BillRowStatus.Succeeded, false) => Of(DifferenceKind.Status, line, -line.Amount, refund),
            (BillRowStatus.Failed, true) => Of(DifferenceKind.Status, line, refund.Amount, refund),
            // When the bill was made the refund was under way; nothing contradicts that.
            (BillRowStatus.Pending, _) or (BillRowStatus.Failed, false) => null,
        };
    }

    private static Finding Of(DifferenceKind kind, BillLine line, long delta, OurPayment? payment) => new(kind, Subject(kind, line), delta)
    {
        LineId = line.Id,
        Theirs = line.Amount,
        Ours = payment?.Amount,
        OrderId = payment?.OrderId,
        PaymentId = payment?.Id,
    };

    private static Finding Of(DifferenceKind kind, BillLine line, long delta, OurRefund? refund) => new(kind, Subject(kind, line), delta)
    {
        LineId = line.Id,
        Theirs = line.Amount,
        Ours = refund?.Amount,
        OrderId = refund?.OrderId,
        RefundId = refund?.Id,
    };

    /// <summary>A thing that is told three times makes two differences.</summary>
    private static string Subject(DifferenceKind kind, BillLine line) => kind == DifferenceKind.Duplicate ? $"{line.Key}#{line.Line}" : line.Key;
}

/// <summary>A difference that was found. Amounts are 分.</summary>
/// <param name="SubjectKey">What it is about.</param>
/// <param name="Delta">By how much the gateway's sum is greater than ours.</param>
internal sealed record Finding(DifferenceKind Kind, string SubjectKey, long Delta)
{
    public Guid? LineId { get; init; }

    public Guid? OrderId { get; init; }

    public Guid? PaymentId { get; init; }

    public Guid? RefundId { get; init; }

    public long? Theirs { get; init; }

    public long? Ours { get; init; }
}

/// <summary>What the books have of the lines of a bill.</summary>
/// <param name="Payments">By transaction id.</param>
/// <param name="AgreedRate">Millionths; null where no contract was entered.</param>
internal sealed record OurBooks(IReadOnlyDictionary<string, OurPayment> Payments, IReadOnlyList<OurRefund> Refunds, long? AgreedRate)
{
    private readonly Dictionary<string, OurRefund> _byNumber = Refunds.ToDictionary(refund => refund.RefundNo, StringComparer.Ordinal);
    private readonly ILookup<string, OurRefund> _byChannelId = Refunds.ToLookup(refund => refund.ChannelRefundId ?? "", StringComparer.Ordinal);

    /// <summary>Fees in the ledger, by <see cref="BillLine.FeeId"/>; negative for one that was given back.</summary>
    public IReadOnlyDictionary<Guid, long> BookedFees { get; init; } = new Dictionary<Guid, long>();

    /// <returns>Null when we have no such refund.</returns>
    internal OurRefund? Refund(BillLine line) =>
        _byNumber.GetValueOrDefault(line.RefundNo) ?? (line.RefundId.Length > 0 ? _byChannelId[line.RefundId].FirstOrDefault() : null);
}

internal sealed record OurPayment(Guid Id, Guid OrderId, string TransactionId, long Amount);

/// <param name="IsDone">The money has gone back.</param>
internal sealed record OurRefund(Guid Id, Guid OrderId, string RefundNo, string? ChannelRefundId, long Amount, bool IsDone);
