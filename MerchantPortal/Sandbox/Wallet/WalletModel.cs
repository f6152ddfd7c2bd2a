using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Wallet;

/// <summary>What a payer sees of a trade.</summary>
/// <param name="Trade">Null: there is no such trade.</param>
/// <param name="BackUrl">Where “back to the shop” leads; null when the shop gave no address.</param>
/// <param name="QrSvg">The wallet's address as a code, for the cashier; else null.</param>
/// <param name="Problem">Name of a text that says what just went wrong; null when nothing did.</param>
public sealed record WalletModel(SandboxTrade? Trade, WalletStanding Standing, string? BackUrl = null, string? QrSvg = null, string? Problem = null)
{
    public string Channel => Trade?.Merchant.Channel ?? "";

    /// <summary>CSS class and text key of the channel.</summary>
    public string Brand => SandboxChannels.BrandOf(Channel, Trade?.Product ?? default);

    public string Amount => Money.Display(Trade?.Amount ?? 0);

    /// <summary>The faults that make sense for the channel, by name.</summary>
    public IEnumerable<Fault> Faults => Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.None)
        .Select(kind => Fault.Parse(new Fault(kind).Name) ?? Fault.None).Where(fault => fault.AppliesTo(Channel));

    public static WalletStanding StandingOf(SandboxTrade trade, DateTimeOffset now) => trade.State switch
    {
        TradeState.Paid => WalletStanding.Paid,
        TradeState.Closed => WalletStanding.Closed,
        TradeState.Waiting => trade.HasExpired(now) ? WalletStanding.Expired : WalletStanding.Open,
    };
}

public enum WalletStanding
{
    Open,
    Paid,
    Closed,
    Expired,
    Cancelled,
    Unknown,
}
