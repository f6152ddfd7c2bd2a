namespace MerchantPortal.Operations;

/// <summary>Prints one line per invariant. Writes nothing, so that it can look at a portal that is running, or at a restored copy.</summary>
internal sealed class CheckVerb(InvariantCheck check) : IVerb
{
    public string Name => "check";

    public string Arguments => "";

    public string Summary => "Check every invariant of the configured database; exit 1 on a breach.";

    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        var verdicts = await check.RunAsync(cancellationToken);
        foreach (var verdict in verdicts)
        {
            await Console.Out.WriteLineAsync(verdict.ToString());
        }

        return verdicts.All(verdict => verdict.Holds) ? 0 : 1;
    }
}
