namespace MerchantPortal.Payments.Channels.BeeCloud;

public static class BeeCloudFeature
{
    public static IServiceCollection AddBeeCloud(this IServiceCollection services) => services.AddSingleton<IChannelDefinition, BeeCloudDefinition>();
}
