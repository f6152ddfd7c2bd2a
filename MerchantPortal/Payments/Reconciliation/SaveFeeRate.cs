using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using MerchantPortal.Payments.Channels.Bills;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Reconciliation;

/// <summary>Keeps the rate of an account's contract, by which the fees of its bills are measured.</summary>
public sealed class SaveFeeRate(PortalWriter writer, TimeProvider time)
{
    /// <summary>10 %, in millionths: more is a slip of the finger.</summary>
    private const long Highest = 100_000;

    /// <param name="percent">As typed, <c>0.6</c>; empty: none.</param>
    /// <returns>False when it is no rate, or the account is not the actor's.</returns>
    public Task<bool> ExecuteAsync(Guid accountId, string percent, Actor actor, CancellationToken cancellationToken)
    {
        var text = percent.Trim().TrimEnd('%').Trim();
        var rate = BillCells.ReadRate($"{text}%");
        return text.Length > 0 && (rate is null or > Highest)
            ? Task.FromResult(false)
            : writer.WriteAsync((db, ct) => SaveAsync(db, accountId, text.Length == 0 ? null : rate, actor, ct), cancellationToken);
    }

    private async Task<bool> SaveAsync(PortalDbContext db, Guid accountId, long? rate, Actor actor, CancellationToken cancellationToken)
    {
        if (await db.ChannelAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == accountId && row.StoreId == actor.StoreId, cancellationToken) is not { } account)
        {
            return false;
        }

        var terms = await db.BillTerms.SingleOrDefaultAsync(row => row.ChannelAccountId == accountId, cancellationToken)
            ?? db.BillTerms.Add(new BillTerms { ChannelAccountId = accountId, StoreId = actor.StoreId }).Entity;
        if (terms.FeeRate != rate)
        {
            await db.AuditAsync(
                actor, new AuditAct(AuditActions.ChannelAccountSaved, account.Name, new() { ["fee_rate"] = Text(terms.FeeRate) }, new() { ["fee_rate"] = Text(rate) }),
                time.GetUtcNow(), cancellationToken);
            terms.FeeRate = rate;
        }

        return true;
    }

    /// <summary>6000 → <c>0.60%</c>.</summary>
    internal static string Text(long? rate) => rate is { } millionths ? $"{Money.ToYuan(millionths / 100)}%" : "";
}
