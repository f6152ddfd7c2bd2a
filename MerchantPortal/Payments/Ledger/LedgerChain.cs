using MerchantPortal.Data;

namespace MerchantPortal.Payments.Ledger;

/// <summary>The books' chains, one per store and Beijing day, as they are verified.</summary>
internal static class LedgerChain
{
    public static readonly ChainedTable Table = new()
    {
        Name = nameof(PortalDbContext.LedgerEntries),
        Columns =
        [
            nameof(LedgerEntry.StoreId), nameof(LedgerEntry.Day), nameof(LedgerEntry.Number), nameof(LedgerEntry.Movement), nameof(LedgerEntry.MovementId),
            nameof(LedgerEntry.Account), nameof(LedgerEntry.ChannelAccountId), nameof(LedgerEntry.OrderId), nameof(LedgerEntry.Debit), nameof(LedgerEntry.Credit),
            nameof(LedgerEntry.At),
        ],
        KeyColumns = [nameof(LedgerEntry.Day)],
        Compose = values => string.Join('|', values),
        Chain = keys => $"ledger:{keys[0]}",
        ChainsLike = "ledger:%",
    };
}
