using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

internal static class AlipayOpenApiSandbox
{
    public static IServiceCollection AddAlipayOpenApiSandbox(this IServiceCollection services)
    {
        services.AddSingleton<ISandboxGateway, AlipayGateway>();
        services.AddSingleton<INotificationComposer, AlipayNotificationComposer>();
        services.AddSingleton<AlipayGate>();
        services.AddSingleton<AlipayAnswers>();
        services.AddSingleton<AlipaySigners>();
        services.AddSingleton<ICashierReturn, AlipayReturn>();
        services.AddSingleton<IOrderStringReader, AlipayOrderString>();
        services.AddSingleton<OpenAlipayTrade>();
        services.AddSingleton<PrecreateAlipayTrade>();
        services.AddSingleton<QueryAlipayTrade>();
        services.AddSingleton<CloseAlipayTrade>();
        services.AddSingleton<AlipayRefundCalls>();
        services.AddSingleton<AlipayBills>();
        return services;
    }
}
