using MerchantPortal.Operations.Backups;

namespace MerchantPortal.Operations;

/// <summary>Replaces the configured database by a backup, then checks every invariant and whether the master key fits.</summary>
internal sealed class RestoreVerb(RestorePortal restore, InvariantCheck check, SecretCheck secrets, TimeProvider time) : IVerb
{
    public string Name => "restore";

    public string Arguments => "FILE [--force]";

    public string Summary => "Fill the configured database from a backup and check it; --force replaces what is there.";

    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        if (commandLine.Operands is not [var file])
        {
            await Console.Error.WriteLineAsync($"Usage: restore {Arguments}");
            return 2;
        }

        var result = await restore.ExecuteAsync(Path.GetFullPath(file), commandLine.Force, new ProgressLines(time), cancellationToken);
        if (result is not RestoreResult.Restored restored)
        {
            await Console.Error.WriteLineAsync(((RestoreResult.Refused)result).Message);
            return 1;
        }

        await Console.Out.WriteLineAsync($"Restored {file}.");
        if (restored.KeptAt is { } kept)
        {
            await Console.Out.WriteLineAsync($"The database that was there is now {kept}.");
        }

        var verdicts = await check.RunAsync(cancellationToken);
        foreach (var verdict in verdicts)
        {
            await Console.Out.WriteLineAsync(verdict.ToString());
        }

        return await MasterKeyFitsAsync(cancellationToken) && verdicts.All(verdict => verdict.Holds) ? 0 : 1;
    }

    private async Task<bool> MasterKeyFitsAsync(CancellationToken cancellationToken)
    {
        var shut = await secrets.FindUnreadableAsync(cancellationToken);
        if (shut.Count > 0)
        {
            await Console.Error.WriteLineAsync(
                $"The master key does not open the keys of: {string.Join(", ", shut)}. "
                + "Set Portal:DataProtectionKey to the one that was in use when the backup was made (in Development: put its data/master.key in place).");
        }

        return shut.Count == 0;
    }
}
