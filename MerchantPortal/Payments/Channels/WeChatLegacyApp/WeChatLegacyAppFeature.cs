namespace MerchantPortal.Payments.Channels.WeChatLegacyApp;

public static class WeChatLegacyAppFeature
{
    public static IServiceCollection AddWeChatLegacyApp(this IServiceCollection services) =>
        services.AddSingleton<IChannelDefinition, WeChatLegacyAppDefinition>();
}
