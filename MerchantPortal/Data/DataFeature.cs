using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Data;

public static class DataFeature
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WriteGate>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<PortalContexts>();
        services.AddSingleton<IDbContextFactory<PortalDbContext>>(provider => provider.GetRequiredService<PortalContexts>());
        // Identity's store only; everything else asks the factory or the writer.
        services.AddScoped(provider => provider.GetRequiredService<PortalContexts>().CreateGated());
        services.AddSingleton<PortalMetrics>();
        services.AddSingleton<Failpoints>();
        services.AddSingleton<PortalWriterContext>();
        services.AddSingleton<PortalWriter>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Leases>();
        services.AddSingleton<OneInstance>();
        services.AddSingleton<MigratePortal>();
        services.AddSingleton<EnsureMasterKey>();
        services.AddSingleton<RenewSecrets>();
        services.AddSingleton<ISealedRows, SealedKeyRows>();
        services.AddDataProtection().SetApplicationName("MerchantPortal");
        services.AddSingleton<IXmlRepository, SealedKeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<IXmlRepository>()));
        return services;
    }
}
