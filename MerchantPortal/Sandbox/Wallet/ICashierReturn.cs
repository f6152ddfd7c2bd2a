using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Wallet;

/// <summary>Where one gateway's cashier sends the browser after payment, and what it signs on the way. For display only.</summary>
public interface ICashierReturn
{
    string Channel { get; }

    /// <returns>Null when the merchant gave no return_url.</returns>
    Task<string?> AddressAsync(SandboxTrade trade, CancellationToken cancellationToken);
}
