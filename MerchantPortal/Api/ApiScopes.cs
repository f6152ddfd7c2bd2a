namespace MerchantPortal.Api;

/// <summary>What an API key may do. A key has some of these, or <see cref="Everything"/>.</summary>
public static class ApiScopes
{
    public const string Everything = "*";
    public const string OrdersRead = "orders:read";
    public const string OrdersWrite = "orders:write";
    public const string ProductsRead = "products:read";
    public const string ProductsWrite = "products:write";
    public const string RefundsWrite = "refunds:write";
    public const string CallbacksRead = "callbacks:read";
    public const string CallbacksReplay = "callbacks:replay";
    public const string ChannelsRead = "channels:read";
    public const string ChannelsWrite = "channels:write";

    public static IReadOnlyList<string> All { get; } =
    [
        OrdersRead, OrdersWrite, ProductsRead, ProductsWrite, RefundsWrite, CallbacksRead, CallbacksReplay, ChannelsRead, ChannelsWrite,
    ];

    internal static bool Allows(string scopes, string wanted)
    {
        var held = scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return held.Contains(Everything) || held.Contains(wanted);
    }
}
