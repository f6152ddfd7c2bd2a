using System.Data.Common;

namespace MerchantPortal.Operations;

/// <summary>Runs the verb of the command line, or says what there is.</summary>
public sealed class RunVerb(IEnumerable<IVerb> verbs)
{
    private const int Failed = 1;
    private const int WrongCall = 2;

    /// <returns>The exit code.</returns>
    public async Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        if (commandLine.WantsHelp)
        {
            await Console.Out.WriteLineAsync(HelpText());
            return 0;
        }

        if (verbs.FirstOrDefault(verb => verb.Name == commandLine.Verb) is not { } wanted)
        {
            await Console.Error.WriteLineAsync($"Unknown command '{commandLine.Verb}'.\n\n{HelpText()}");
            return WrongCall;
        }

        try
        {
            return await wanted.ExecuteAsync(commandLine, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The disk, the database or a setting: an operator needs the sentence, not the stack.
            await Console.Error.WriteLineAsync($"{wanted.Name} failed: {exception.Message}");
            return Failed;
        }
    }

    private string HelpText()
    {
        var lines = verbs.Select(verb => ($"{verb.Name} {verb.Arguments}".TrimEnd(), verb.Summary)).ToList();
        var width = lines.Max(line => line.Item1.Length);
        return string.Join('\n',
        [
            "Usage: MerchantPortal [command] [--Key=value ...]",
            "",
            "Without a command the portal runs. Settings come from files, environment variables (Section__Key) and arguments.",
            "",
            "Commands:",
            .. lines.Select(line => $"  {line.Item1.PadRight(width)}  {line.Summary}"),
            $"  {"--help".PadRight(width)}  Show this text.",
        ]);
    }
}
