namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

public static class AlipayOpenApiFeature
{
    public static IServiceCollection AddAlipayOpenApi(this IServiceCollection services) =>
        services.AddSingleton<IChannelDefinition, AlipayOpenApiDefinition>();
}
