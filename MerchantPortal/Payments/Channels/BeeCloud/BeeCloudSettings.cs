using System.Net;

namespace MerchantPortal.Payments.Channels.BeeCloud;

/// <summary>What the operator may set below <c>Gateways:BeeCloud</c>, for all live accounts.</summary>
/// <param name="ButtonScriptUrl">Where 秒支付 Button's script is fetched; without its <c>appId</c>.</param>
/// <param name="SourceAddresses">
/// Where subscription webhooks may come from; empty: from anywhere. Behind a proxy this needs <c>Portal:TrustedProxies</c>, else every
/// request comes from the proxy and none would pass.
/// </param>
internal sealed record BeeCloudSettings(Uri ButtonScriptUrl, IReadOnlyList<IPAddress> SourceAddresses)
{
    private const string Section = "Gateways:BeeCloud";
    private const string OfficialScript = "https://jspay.beecloud.cn/1/pay/jsbutton/returnscripts";

    /// <exception cref="FormatException">A setting is not what it should be; the message names it.</exception>
    public static BeeCloudSettings Read(IConfiguration configuration)
    {
        var script = configuration[$"{Section}:ButtonScriptUrl"] is { Length: > 0 } given ? given : OfficialScript;
        if (!Uri.TryCreate(script, UriKind.Absolute, out var scriptUrl) || scriptUrl.Query.Length > 0)
        {
            throw new FormatException($"{Section}:ButtonScriptUrl must be an absolute address without a query.");
        }

        var addresses = (configuration[$"{Section}:SourceAddresses"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(scriptUrl, [.. addresses.Select(text => IPAddress.TryParse(text, out var address)
            ? address
            : throw new FormatException($"{Section}:SourceAddresses must be IP addresses with commas between them."))]);
    }

    /// <param name="remoteAddress">As the connection, or a trusted proxy, tells it.</param>
    public bool Allows(string remoteAddress) =>
        SourceAddresses.Count == 0 || (IPAddress.TryParse(remoteAddress, out var address) && SourceAddresses.Contains(Plain(address)));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
