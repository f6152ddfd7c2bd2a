namespace MerchantPortal.Payments.Channels.WeChatPayV3;

public static class WeChatPayV3Feature
{
    public static IServiceCollection AddWeChatPayV3(this IServiceCollection services) =>
        services.AddSingleton<IChannelDefinition, WeChatPayV3Definition>();
}
