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

    /// <param name="sandbox">The group <c>/sandbox</c>.</param>
    void Map(IEndpointRouteBuilder sandbox);
}
