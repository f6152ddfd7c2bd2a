using MerchantPortal.Accounts;
using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Takes an account out of use, or back in. A disabled account starts no payment, but its notifications, queries and closes go on:
/// money that was asked for earlier still arrives.
/// </summary>
public sealed class DisableChannelAccount(PortalWriter writer, PaymentChannels channels, TimeProvider time)
{
    /// <returns>False when the store has no such account.</returns>
    public async Task<bool> ExecuteAsync(Guid accountId, bool disabled, Actor actor, CancellationToken cancellationToken)
    {
        var found = await writer.WriteAsync(
            async (db, ct) =>
            {
                var account = await db.ChannelAccounts.SingleOrDefaultAsync(row => row.Id == accountId && row.StoreId == actor.StoreId, ct);
                if (account is not null && account.DisabledAt is null == disabled)
                {
                    var now = time.GetUtcNow();
                    account.DisabledAt = disabled ? now : null;
                    await db.AuditAsync(actor, new(disabled ? AuditActions.ChannelAccountDisabled : AuditActions.ChannelAccountEnabled, account.Name), now, ct);
                }

                return account is not null;
            },
            cancellationToken);
        channels.Forget(accountId);
        return found;
    }
}
