using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.Bills;

/// <summary>Collects what a merchant's trades did on one day of Beijing. A day that is not over yet has the bill of its hours so far.</summary>
internal sealed class MakeBill(SandboxWriter writer, ArmedFaults armed)
{
    private const long OneYuan = 100;

    public async Task<MadeBill> ExecuteAsync(SandboxMerchant merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var fault = armed.TakeNextBill();
        if (fault == BillFault.NotReady)
        {
            return new MadeBill.NotReady();
        }

        var lines = Faulty(await LinesAsync(merchant, day, cancellationToken), fault, day);
        return lines.Count == 0 ? new MadeBill.Empty() : new MadeBill.Ready(lines, fault);
    }

    private async Task<List<SandboxBillLine>> LinesAsync(SandboxMerchant merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Beijing.Offset).ToUniversalTime();
        var to = from.AddDays(1);
        await using var db = writer.CreateDbContext();
        var trades = await db.Trades.AsNoTracking().AsSplitQuery().Include(row => row.Payments).Include(row => row.Refunds).ThenInclude(row => row.Payment)
            .Where(row => row.MerchantId == merchant.Id && (row.Payments.Any(payment => payment.PaidAt >= from && payment.PaidAt < to)
                || row.Refunds.Any(refund => refund.RefundedAt >= from && refund.RefundedAt < to)))
            .OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return
        [
            .. trades.SelectMany(trade => trade.Payments.Where(payment => payment.PaidAt >= from && payment.PaidAt < to).Select(payment => SandboxBillLine.Of(trade, payment))
                .Concat(trade.Refunds.Where(refund => refund.EndsAs == SandboxRefundEnd.Succeeded && refund.RefundedAt >= from && refund.RefundedAt < to).Select(refund => SandboxBillLine.Of(trade, refund))))
                .OrderBy(line => line.At),
        ];
    }

    private static List<SandboxBillLine> Faulty(List<SandboxBillLine> lines, BillFault fault, DateOnly day)
    {
        if (fault == BillFault.ExtraLine)
        {
            var noon = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), Beijing.Offset);
            return [.. lines, new("4200009999202600000000000001", "UNKNOWN00001", 6_600, 40, noon) { Subject = "?", Product = TradeProduct.Native }];
        }

        var first = lines.Find(line => line.Refund is null);
        return first is null ? lines : fault switch
        {
            BillFault.MissingLine => [.. lines.Where(line => line != first)],
            BillFault.DoubledLine => [.. lines, first],
            BillFault.WrongAmount => [.. lines.Select(line => line == first ? line with { Amount = line.Amount + OneYuan } : line)],
            BillFault.WrongFee => [.. lines.Select(line => line == first ? line with { Fee = (line.Fee * 10) + 10 } : line)],
            _ => lines,
        };
    }
}

internal abstract record MadeBill
{
    internal sealed record Ready(IReadOnlyList<SandboxBillLine> Lines, BillFault Fault) : MadeBill;

    /// <summary>Nothing was paid or refunded.</summary>
    internal sealed record Empty : MadeBill;

    internal sealed record NotReady : MadeBill;
}
