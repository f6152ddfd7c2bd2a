using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>One line of a <see cref="GatewayBill"/>: the evidence. Never changes. Amounts are 分, see <see cref="BillRow"/>.</summary>
public sealed class BillLine
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid BillId { get; init; }

    public required Guid ChannelAccountId { get; init; }

    public required int Line { get; init; }

    public required BillRowKind Kind { get; init; }

    public required BillRowStatus Status { get; init; }

    /// <summary>See <see cref="BillRow.Key"/>.</summary>
    public required string Key { get; init; }

    public required string TransactionId { get; init; }

    public required string OutTradeNo { get; init; }

    public required string RefundNo { get; init; }

    public required string RefundId { get; init; }

    public required long Amount { get; init; }

    public required long Fee { get; init; }

    public long? FeeRate { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>An earlier line of the same bill has told it already.</summary>
    public required bool IsRepeat { get; init; }

    /// <summary>Names the fee in the ledger: the same in each bill that tells it, so that it is booked once.</summary>
    public required Guid FeeId { get; init; }

    public static BillLine Of(BillRow row, GatewayBill bill, bool isRepeat) => new()
    {
        BillId = bill.Id,
        ChannelAccountId = bill.ChannelAccountId,
        Line = row.Line,
        Kind = row.Kind,
        Status = row.Status,
        Key = row.Key,
        TransactionId = row.TransactionId,
        OutTradeNo = row.OutTradeNo,
        RefundNo = row.RefundNo,
        RefundId = row.RefundId,
        Amount = row.Amount,
        Fee = row.Fee,
        FeeRate = row.FeeRate,
        At = row.At,
        IsRepeat = isRepeat,
        FeeId = FeeIdOf(bill.ChannelAccountId, row.Key),
    };

    private static Guid FeeIdOf(Guid accountId, string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"fee:{accountId:N}:{key}"))[..16]);
}
