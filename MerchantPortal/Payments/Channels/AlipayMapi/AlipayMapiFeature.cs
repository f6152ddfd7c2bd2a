namespace MerchantPortal.Payments.Channels.AlipayMapi;

public static class AlipayMapiFeature
{
    public static IServiceCollection AddAlipayMapi(this IServiceCollection services) =>
        services.AddSingleton<IChannelDefinition, AlipayMapiDefinition>();
}
