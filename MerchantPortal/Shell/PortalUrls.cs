using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MerchantPortal.Shell;

/// <summary>
/// The addresses that gateways and buyers are told. Built from <c>Portal:PublicBaseUrl</c>, never from a Host header. Without that
/// setting (allowed in Development) it is the first address that the server listens on.
/// </summary>
public sealed class PortalUrls(IConfiguration configuration, IServer server)
{
    /// <exception cref="InvalidOperationException">The setting is missing and the server does not listen yet.</exception>
    public Uri Base => field ??= new Uri((Configured ?? Listening
        ?? throw new InvalidOperationException("Set Portal:PublicBaseUrl to the address that gateways and buyers reach.")).TrimEnd('/') + "/");

    public Uri Notify(string channel, Guid accountId) => new(Base, $"notify/{channel}/{accountId:N}");

    public Uri Checkout(string token) => new(Base, $"pay/{token}");

    public Uri CheckoutReturn(string token) => new(Base, $"pay/{token}/return");

    private string? Configured => configuration["Portal:PublicBaseUrl"] is { Length: > 0 } url ? url : null;

    private string? Listening => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?
        .Replace("//[::]:", "//localhost:", StringComparison.Ordinal).Replace("//0.0.0.0:", "//localhost:", StringComparison.Ordinal)
        .Replace("//*:", "//localhost:", StringComparison.Ordinal).Replace("//+:", "//localhost:", StringComparison.Ordinal);
}
