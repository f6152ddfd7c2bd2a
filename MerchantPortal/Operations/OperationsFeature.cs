using MerchantPortal.Operations.Backups;
using MerchantPortal.Operations.Seeding;
using Microsoft.Extensions.Logging.Console;

namespace MerchantPortal.Operations;

public static class OperationsFeature
{
    public static IServiceCollection AddOperations(this IServiceCollection services, CommandLine commandLine)
    {
        services.AddSingleton<InvariantCheck>();
        services.AddSingleton<SeedAccounts>();
        services.AddSingleton<SeedHistory>();
        services.AddHostedService<Housekeeping>();
        services.AddSingleton<RunVerb>();
        services.AddSingleton<IVerb, MigrateVerb>();
        services.AddSingleton<IVerb, SeedVerb>();
        services.AddSingleton<IVerb, CheckVerb>();
        services.AddSingleton<BackUpPortal>();
        services.AddSingleton<IVerb, BackupVerb>();
        services.AddSingleton<RestorePortal>();
        services.AddSingleton<SecretCheck>();
        services.AddSingleton<IVerb, RestoreVerb>();
        if (commandLine.Verb is not null)
        {
            // What a verb prints is read by scripts: log lines go beside it, and only where something is wrong.
            services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
            services.Configure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Warning);
            services.PostConfigure<LoggerFilterOptions>(options => options.Rules.Clear());
        }

        return services;
    }
}
