namespace MerchantPortal.Operations;

/// <summary>What the program was called with: a verb, its operands, and settings in .NET's usual forms.</summary>
/// <param name="Verb">Null to run the portal.</param>
/// <param name="Operands">Words after the verb that are no settings, e.g. a file name.</param>
/// <param name="Force">Whether <c>--force</c> was said: what is there may be replaced.</param>
/// <param name="Settings">Everything that configuration reads: <c>--Key=value</c>, <c>--Key value</c>.</param>
public sealed record CommandLine(string? Verb, IReadOnlyList<string> Operands, string[] Settings, bool Force = false)
{
    private const string Help = "help";
    private const string ForceSwitch = "--force";

    public static CommandLine Parse(string[] args)
    {
        if (args is ["--help" or "-h" or "-?", ..])
        {
            return new(Help, [], []);
        }

        if (args is not [var verb, .. var rest] || verb.StartsWith('-') || verb.StartsWith('/') || verb.Contains('=', StringComparison.Ordinal))
        {
            return new(null, [], args);
        }

        // A switch has no value: the word after it stays what it is.
        var words = rest.Where(word => word != ForceSwitch).ToArray();
        return words.Contains("--help") ? new(Help, [], []) : new(verb, [.. OperandsOf(words)], [.. SettingsOf(words)], words.Length < rest.Length);
    }

    internal bool WantsHelp => Verb == Help;

    private static IEnumerable<string> OperandsOf(string[] rest) =>
        rest.Where((word, index) => !IsSetting(word) && !IsValue(rest, index));

    private static IEnumerable<string> SettingsOf(string[] rest) =>
        rest.Where((word, index) => IsSetting(word) || IsValue(rest, index));

    private static bool IsSetting(string word) => word.StartsWith("--", StringComparison.Ordinal);

    /// <summary>The word after <c>--Key</c> without an equals sign.</summary>
    private static bool IsValue(string[] rest, int index) =>
        index > 0 && IsSetting(rest[index - 1]) && !rest[index - 1].Contains('=', StringComparison.Ordinal) && !IsSetting(rest[index]);
}
