using MerchantPortal.Data;

namespace MerchantPortal.Operations;

/// <summary>Brings the configured database to this version's schema, as every start does.</summary>
internal sealed class MigrateVerb(MigratePortal migrate) : IVerb
{
    public string Name => "migrate";

    public string Arguments => "";

    public string Summary => "Create or upgrade the configured database, then exit.";

    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        await migrate.ExecuteAsync(cancellationToken);
        await Console.Out.WriteLineAsync("The database is up to date.");
        return 0;
    }
}
