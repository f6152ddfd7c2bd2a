using System.Text.Json.Nodes;
using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Sandbox.Trades;

/// <summary>Opens a merchant account at the sandbox, with fresh keys.</summary>
public sealed class RegisterSandboxMerchant(IEnumerable<ISandboxGateway> gateways) : ITestMerchants
{
    /// <param name="channel">A channel's public name.</param>
    /// <returns>The portal's form of a channel account; null for a channel that the sandbox does not play.</returns>
    public Task<JsonObject?> ExecuteAsync(string channel, CancellationToken cancellationToken) => ExecuteAsync(channel, "", cancellationToken);

    /// <param name="variant">See <see cref="ISandboxGateway.RegisterAsync(string, CancellationToken)"/>.</param>
    /// <inheritdoc cref="ExecuteAsync(string, CancellationToken)"/>
    public async Task<JsonObject?> ExecuteAsync(string channel, string variant, CancellationToken cancellationToken) =>
        gateways.SingleOrDefault(gateway => gateway.Channel == channel) is { } known ? await known.RegisterAsync(variant, cancellationToken) : null;
}
