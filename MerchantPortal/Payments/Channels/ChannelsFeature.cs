using MerchantPortal.Data;

namespace MerchantPortal.Payments.Channels;

public static class ChannelsFeature
{
    public static IServiceCollection AddChannelAccounts(this IServiceCollection services)
    {
        services.AddSingleton<SaveChannelAccount>();
        services.AddSingleton<PlatformKeyRows>();
        services.AddSingleton<ISealedRows, SealedChannelRows>();
        services.AddSingleton<RefreshPlatformKeys>();
        services.AddSingleton<PlatformKeyRefresher>();
        services.AddHostedService(provider => provider.GetRequiredService<PlatformKeyRefresher>());
        services.AddSingleton<DisableChannelAccount>();
        services.AddSingleton<ChannelAccountQueries>();
        services.AddSingleton<CheckChannelAccount>();
        services.AddSingleton<AccountWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountWatch>());
        return services;
    }
}
