using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Refunds;

/// <summary>
/// Gives back one payment, in whole or part. The intent is committed under its number and the money reserved before the gateway
/// hears of it, so that neither a crash nor a second click can give it back twice.
/// </summary>
public sealed class RefundPayment(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, SettleRefund settle, PortalWriter writer, TimeProvider time)
{
    public const int MaxReasonLength = 200;

    public async Task<RefundPaymentResult> ExecuteAsync(RefundWish wish, Actor actor, CancellationToken cancellationToken)
    {
        if (Unusable(wish) is { } unusable)
        {
            return unusable;
        }

        if (await FindAsync(wish, actor, cancellationToken) is not { } payment)
        {
            return RefundPaymentResult.Refused.NothingPaid;
        }

        if (await ObstacleAsync(payment, cancellationToken) is { } obstacle)
        {
            return new RefundPaymentResult.Refused(obstacle, "This payment cannot be given back through the portal.");
        }

        var result = await writer.WriteAsync((db, ct) => ReserveAsync(db, payment.Id, wish, actor, ct), cancellationToken);
        if (result is not RefundPaymentResult.Taken { IsNew: true } taken)
        {
            return result;
        }

        // Whoever asked may hang up; what was begun is finished here or by the job.
        await settle.ExecuteAsync(taken.Refund.Id, actor, new SettleWish(Early: true), cancellationToken);
        await using var db = contexts.CreateDbContext();
        return taken with { Refund = await db.Refunds.AsNoTracking().SingleAsync(row => row.Id == taken.Refund.Id, cancellationToken) };
    }

    private static RefundPaymentResult.Refused? Unusable(RefundWish wish) =>
        wish.Amount <= 0 ? RefundPaymentResult.Refused.AmountInvalid
        : wish.RefundNo is { } number && !RefundNumber.IsUsable(number) ? RefundPaymentResult.Refused.NumberInvalid
        : wish.ReasonCode is RefundReason.AtGateway || (wish.ReasonCode is RefundReason.Other && string.IsNullOrWhiteSpace(wish.Reason)) ? RefundPaymentResult.Refused.ReasonMissing
        : wish.Reason.Length > MaxReasonLength ? RefundPaymentResult.Refused.ReasonTooLong
        : null;

    /// <returns>The payment that is meant: the named one, else what the order was paid with. Null when there is none.</returns>
    private async Task<Payment?> FindAsync(RefundWish wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var payments = db.Payments.AsNoTracking().Where(row => row.OrderId == wish.OrderId && row.StoreId == actor.StoreId);
        return await (wish.PaymentId is { } id ? payments.Where(row => row.Id == id) : payments.Where(row => !row.IsSurplus)).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<string?> ObstacleAsync(Payment payment, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        var method = await db.Attempts.Where(row => row.Id == payment.AttemptId).Select(row => row.Method).SingleAsync(cancellationToken);
        return await channels.RefundObstacleAsync(payment.ChannelAccountId, method, cancellationToken);
    }

    private async Task<RefundPaymentResult> ReserveAsync(PortalDbContext db, Guid paymentId, RefundWish wish, Actor actor, CancellationToken cancellationToken)
    {
        // Locks the row: of many who ask at once each sees what the one before has reserved.
        await db.Database.ExecuteSqlAsync($"""UPDATE "Payments" SET "Version" = "Version" WHERE "Id" = {paymentId}""", cancellationToken);
        var payment = await db.Payments.SingleAsync(row => row.Id == paymentId, cancellationToken);
        var known = wish.RefundNo is { } number
            ? await db.Refunds.SingleOrDefaultAsync(row => row.ChannelAccountId == payment.ChannelAccountId && row.RefundNo == number, cancellationToken)
            : null;
        if (known is not null)
        {
            return known.PaymentId == payment.Id && known.Amount == wish.Amount
                ? new RefundPaymentResult.Taken(known, IsNew: false)
                : RefundPaymentResult.Refused.NumberUsed;
        }

        if (wish.Amount > payment.Amount - payment.RefundReserved)
        {
            return new RefundPaymentResult.TooMuch(payment.Amount - payment.RefundReserved);
        }

        payment.RefundReserved += wish.Amount;
        var refund = db.Refunds.Add(New(payment, wish, actor)).Entity;
        await WriteDownAsync(db, refund, actor, cancellationToken);
        return new RefundPaymentResult.Taken(refund, IsNew: true);
    }

    private Refund New(Payment payment, RefundWish wish, Actor actor)
    {
        var now = time.GetUtcNow();
        return new Refund
        {
            StoreId = payment.StoreId,
            OrderId = payment.OrderId,
            AttemptId = payment.AttemptId,
            ChannelAccountId = payment.ChannelAccountId,
            PaymentId = payment.Id,
            RefundNo = wish.RefundNo ?? RefundNumber.New(now),
            Amount = wish.Amount,
            ReasonCode = wish.ReasonCode,
            Reason = wish.Reason.Trim(),
            RequestedBy = actor.Name,
            CreatedAt = now,
            // For the job, should this process die before it has sent the refund.
            NextTryAt = RefundSchedule.Next(1, now),
        };
    }

    private static async Task WriteDownAsync(PortalDbContext db, Refund refund, Actor actor, CancellationToken cancellationToken)
    {
        var order = await db.Orders.SingleAsync(row => row.Id == refund.OrderId, cancellationToken);
        var amount = MerchantPortal.Money.Display(refund.Amount);
        var data = new Dictionary<string, string> { ["refund_no"] = refund.RefundNo, ["amount"] = amount };
        if (refund.Reason.Length > 0)
        {
            data["note"] = refund.Reason;
        }

        await db.RecordAsync(order, TimelineKind.RefundRequested, actor, refund.CreatedAt, cancellationToken, data);
        var code = JsonNamingPolicy.SnakeCaseLower.ConvertName(refund.ReasonCode.ToString());
        await db.AuditAsync(
            actor,
            new AuditAct(AuditActions.RefundRequested, order.Number, After: new() { ["refund_no"] = refund.RefundNo, ["amount"] = amount }, Reason: refund.Reason.Length > 0 ? $"{code}: {refund.Reason}" : code),
            refund.CreatedAt,
            cancellationToken);
    }
}

/// <param name="PaymentId">The payment that is meant; null: what the order was paid with.</param>
/// <param name="Amount">分.</param>
/// <param name="Reason">In the person's own words; may be empty unless the code is <see cref="RefundReason.Other"/>.</param>
/// <param name="RefundNo">The number of this intent: asking again with it asks for the same refund. Null makes a new one.</param>
public sealed record RefundWish(Guid OrderId, Guid? PaymentId, long Amount, RefundReason ReasonCode, string Reason, string? RefundNo = null);

public abstract record RefundPaymentResult
{
    /// <summary>Written down; how far it has come stands in the refund.</summary>
    /// <param name="IsNew">False when the number had been used for the same refund before.</param>
    public sealed record Taken(Refund Refund, bool IsNew) : RefundPaymentResult;

    /// <param name="Remaining">分 that can still be given back of the payment.</param>
    public sealed record TooMuch(long Remaining) : RefundPaymentResult;

    /// <param name="Code">Stable.</param>
    public sealed record Refused(string Code, string Message) : RefundPaymentResult
    {
        public static readonly Refused NothingPaid = new("nothing_to_refund", "The order has no such payment.");
        public static readonly Refused AmountInvalid = new("amount_invalid", "amount is a whole number of 分 above zero.");
        public static readonly Refused NumberInvalid = new("refund_no_invalid", "refund_no has 6–64 letters, digits, _ and -.");
        public static readonly Refused NumberUsed = new("refund_no_used", "This refund number stands for another refund.");
        public static readonly Refused ReasonMissing = new("reason_missing", "Say why the money is given back.");
        public static readonly Refused ReasonTooLong = new("reason_too_long", $"reason has at most {RefundPayment.MaxReasonLength} characters.");
    }
}
