using MerchantPortal.Sandbox.Deliveries;

namespace MerchantPortal.Sandbox.WeChatPayV3;

internal static class WeChatPayV3Sandbox
{
    public static IServiceCollection AddWeChatPayV3Sandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, WeChatGateway>();
        services.AddSingleton<INotificationComposer, WeChatNotificationComposer>();
        services.AddSingleton<WeChatGate>();
        services.AddSingleton<WeChatAnswers>();
        services.AddSingleton<CreateWeChatTrade>();
        services.AddSingleton<QueryWeChatTrade>();
        services.AddSingleton<CloseWeChatTrade>();
        services.AddSingleton<WeChatRefundCalls>();
        services.AddSingleton<ListWeChatCertificates>();
        services.AddSingleton<WeChatBills>();
        return services;
    }
}
