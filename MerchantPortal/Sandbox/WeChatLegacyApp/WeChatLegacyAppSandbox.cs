using MerchantPortal.Sandbox.Deliveries;

namespace MerchantPortal.Sandbox.WeChatLegacyApp;

internal static class WeChatLegacyAppSandbox
{
    public static IServiceCollection AddWeChatLegacyAppSandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, WeChatAppGateway>();
        services.AddSingleton<INotificationComposer, WeChatAppNotificationComposer>();
        services.AddSingleton<WeChatAppTokens>();
        services.AddSingleton<CreateWeChatAppTrade>();
        services.AddSingleton<QueryWeChatAppTrade>();
        services.AddSingleton<TakeDeliveryReport>();
        return services;
    }
}
