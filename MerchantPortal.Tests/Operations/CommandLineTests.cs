using MerchantPortal.Operations;

namespace MerchantPortal.Tests.Operations;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--Urls=http://localhost:1")]
    [InlineData("--Urls http://localhost:1")]
    [InlineData("Urls=http://localhost:1")]
    [InlineData("/Urls=http://localhost:1")]
    public void Settings_alone_run_the_portal(string arguments)
    {
        var args = Split(arguments);
        var read = CommandLine.Parse(args);

        Assert.Null(read.Verb);
        Assert.Equal(args, read.Settings);
    }

    [Fact]
    public void A_verb_takes_operands_and_settings_in_any_order()
    {
        var read = CommandLine.Parse(Split("backup --Database:Provider PostgreSql portal.bak --Key=value"));

        Assert.Equal("backup", read.Verb);
        Assert.Equal(["portal.bak"], read.Operands);
        Assert.Equal(["--Database:Provider", "PostgreSql", "--Key=value"], read.Settings);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("seed --help")]
    public void Help_is_help_everywhere(string arguments) => Assert.Equal("help", CommandLine.Parse(Split(arguments)).Verb);

    [Theory]
    [InlineData("help", 0)]
    [InlineData("frob", 2)]
    public async Task An_unknown_verb_is_a_wrong_call(string verb, int exitCode) =>
        Assert.Equal(exitCode, await new RunVerb([new Verb()]).ExecuteAsync(new CommandLine(verb, [], []), CancellationToken.None));

    [Fact]
    public async Task A_known_verb_runs_and_gives_its_exit_code() =>
        Assert.Equal(7, await new RunVerb([new Verb()]).ExecuteAsync(new CommandLine("seven", [], []), CancellationToken.None));

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Verb : IVerb
    {
        public string Name => "seven";

        public string Arguments => "";

        public string Summary => "";

        public Task<int> ExecuteAsync(CommandLine commandLine, CancellationToken cancellationToken) => Task.FromResult(7);
    }
}
