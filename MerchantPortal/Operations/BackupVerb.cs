using System.Globalization;
using MerchantPortal.Operations.Backups;

namespace MerchantPortal.Operations;

/// <summary>Writes the configured database into one file, also while the portal runs, and says what else to keep.</summary>
internal sealed class BackupVerb(BackUpPortal backUp, TimeProvider time) : IVerb
{
    public string Name => "backup";

    public string Arguments => "FILE [--force]";

    public string Summary => "Write the whole database into one file; the portal may run meanwhile.";

    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        if (commandLine.Operands is not [var file])
        {
            await Console.Error.WriteLineAsync($"Usage: backup {Arguments}");
            return 2;
        }

        var (path, started) = (Path.GetFullPath(file), time.GetTimestamp());
        var result = await backUp.ExecuteAsync(path, commandLine.Force, new ProgressLines(time), cancellationToken);
        if (result is not BackupResult.Made made)
        {
            await Console.Error.WriteLineAsync(((BackupResult.Refused)result).Message);
            return 1;
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Wrote {path}: {made.Bytes / 1024.0 / 1024:0.0} MiB in {time.GetElapsedTime(started).TotalSeconds:0.0} s, readable by you alone."));
        await Console.Out.WriteLineAsync("""
            It has every order, payment, callback, user and key ring. It does NOT have:
              - the master key (Portal:DataProtectionKey, or data/master.key in Development): without it the channel keys in this file
                stay shut. Keep it, but not beside the backup;
              - configuration files and environment variables;
              - the sandbox's own play money (data/sandbox.db).
            """);
        return 0;
    }
}
