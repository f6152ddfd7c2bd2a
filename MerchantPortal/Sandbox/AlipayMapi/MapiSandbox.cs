using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;

namespace MerchantPortal.Sandbox.AlipayMapi;

internal static class MapiSandbox
{
    public static IServiceCollection AddAlipayMapiSandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, MapiGateway>();
        services.AddSingleton<INotificationComposer, MapiNotificationComposer>();
        services.AddSingleton<ICashierReturn, MapiReturn>();
        services.AddSingleton<IOrderStringReader, MapiOrderString>();
        services.AddSingleton<MapiGate>();
        services.AddSingleton<MapiSigners>();
        services.AddSingleton<SentNotifyIds>();
        services.AddSingleton<VerifyNotifyId>();
        services.AddSingleton<OpenMapiTrade>();
        services.AddSingleton<QueryMapiTrade>();
        services.AddSingleton<CloseMapiTrade>();
        return services;
    }
}
