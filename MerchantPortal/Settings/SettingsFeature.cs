using MerchantPortal.Accounts;
using MerchantPortal.Settings.Pages;

namespace MerchantPortal.Settings;

public static class SettingsFeature
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<SaveStoreSettings>();
        services.AddSingleton<SaveEmbedOrigins>();
        services.AddSingleton<ChannelAccountSources>();
        return services;
    }
}
