using System.Text.Json.Nodes;

namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Gives a shop a merchant account at gateways that are played. Registered by the sandbox when it is on; where nothing is registered,
/// test accounts are filled in by hand.
/// </summary>
public interface ITestMerchants
{
    /// <returns>The form of a channel account with fresh keys; null for a channel that is not played.</returns>
    Task<JsonObject?> ExecuteAsync(string channel, CancellationToken cancellationToken);
}
