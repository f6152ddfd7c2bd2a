using MerchantPortal.Sandbox.Deliveries;

namespace MerchantPortal.Sandbox.BeeCloud;

internal static class BeeCloudSandbox
{
    public static IServiceCollection AddBeeCloudSandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, BeeCloudGateway>();
        services.AddSingleton<INotificationComposer, BeeCloudNotificationComposer>();
        services.AddSingleton<SubscriptionComposer>();
        services.AddSingleton<RegisterSubscription>();
        services.AddSingleton<ChargeSubscription>();
        services.AddSingleton<SubscriptionApps>();
        services.AddSingleton<BeeCloudGate>();
        services.AddSingleton<OpenBeeCloudTrade>();
        services.AddSingleton<CreateBeeCloudBill>();
        services.AddSingleton<QueryBeeCloudBills>();
        services.AddSingleton<BeeCloudRefundCalls>();
        services.AddSingleton<OpenButtonTrade>();
        return services;
    }
}
