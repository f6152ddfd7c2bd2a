namespace MerchantPortal.Payments.Channels.WeChatPayV2;

public static class WeChatPayV2Feature
{
    public static IServiceCollection AddWeChatPayV2(this IServiceCollection services) =>
        services.AddSingleton<IChannelDefinition, WeChatPayV2Definition>();
}
