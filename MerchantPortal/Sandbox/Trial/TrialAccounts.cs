using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Trial;

/// <summary>Test accounts at the sandbox, one per channel.</summary>
public sealed class TrialAccounts(ChannelAccountQueries queries, SaveChannelAccount save, RegisterSandboxMerchant register, TradeQueries sandbox)
{
    /// <returns>Null when the store has a working account; else what was wrong with a new one.</returns>
    public async Task<string?> EnsureAsync(string channel, string name, Actor actor, CancellationToken cancellationToken)
    {
        foreach (var account in await queries.ListAsync(actor.StoreId, cancellationToken))
        {
            // An account of a sandbox file that was thrown away does not count.
            if (account.Channel == channel && account.Mode == PaymentMode.Test && account.DisabledAt is null
                && await sandbox.KnowsAsync(channel, account.AppId, cancellationToken))
            {
                return null;
            }
        }

        var form = await register.ExecuteAsync(channel, cancellationToken) ?? throw new InvalidOperationException($"The sandbox does not play {channel}.");
        return await save.ExecuteAsync(null, new ChannelAccountForm(channel, name, PaymentMode.Test, form), actor, cancellationToken) switch
        {
            SaveChannelAccountResult.Saved => null,
            SaveChannelAccountResult.Invalid invalid => string.Join(", ", invalid.Errors.Values),
            var other => other.GetType().Name,
        };
    }
}
