using System.Text.Json.Nodes;

namespace MerchantPortal.Sandbox;

/// <summary>The remote side of one channel: where the portal calls, and how a merchant is registered. Its messages are an <c>INotificationComposer</c>'s.</summary>
public interface ISandboxGateway
{
    /// <summary>The channel's public name; calls arrive below <c>/sandbox/{channel}/</c>.</summary>
    string Channel { get; }

    /// <summary>Registers a merchant with fresh keys.</summary>
    /// <returns>The portal's form of a channel account.</returns>
    Task<JsonObject> RegisterAsync(CancellationToken cancellationToken);

    /// <summary>Registers a merchant under another variant of the protocol than the usual one.</summary>
    /// <param name="variant">In the channel's own words; empty for the usual one.</param>
    /// <returns>Null for a variant that this gateway does not have.</returns>
    async Task<JsonObject?> RegisterAsync(string variant, CancellationToken cancellationToken) =>
        variant.Length == 0 ? await RegisterAsync(cancellationToken) : null;

    /// <param name="sandbox">The group <c>/sandbox</c>.</param>
    void Map(IEndpointRouteBuilder sandbox);
}
