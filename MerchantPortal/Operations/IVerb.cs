namespace MerchantPortal.Operations;

/// <summary>Something that an operator runs from the command line instead of the portal.</summary>
public interface IVerb
{
    string Name { get; }

    /// <summary>What follows the name, e.g. <c>--orders N</c>; empty when nothing does.</summary>
    string Arguments { get; }

    /// <summary>One line for the help text.</summary>
    string Summary { get; }

    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a wrong call.</returns>
    Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken);
}
