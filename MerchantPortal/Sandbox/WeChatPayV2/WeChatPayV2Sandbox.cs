using MerchantPortal.Sandbox.Deliveries;

namespace MerchantPortal.Sandbox.WeChatPayV2;

internal static class WeChatPayV2Sandbox
{
    public static IServiceCollection AddWeChatPayV2Sandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, WeChatV2Gateway>();
        services.AddSingleton<INotificationComposer, WeChatV2NotificationComposer>();
        services.AddSingleton<WeChatV2Gate>();
        services.AddSingleton<CreateWeChatV2Trade>();
        services.AddSingleton<QueryWeChatV2Trade>();
        services.AddSingleton<CloseWeChatV2Trade>();
        services.AddSingleton<QueryWeChatV2Refund>();
        services.AddSingleton<MakeWeChatV2Refund>();
        return services;
    }
}
