using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Architecture;

/// <summary>What the README names is there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void Every_test_that_a_promise_names_exists()
    {
        var named = TestClass().Matches(Readme).Select(match => match.Groups[1].Value).Distinct().ToList();
        var existing = typeof(ReadmeTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);

        Assert.True(named.Count > 20, "The table of promises is not seen.");
        Assert.DoesNotContain(named, name => !existing.Contains(name));
    }

    [Fact]
    public void Every_picture_and_file_that_is_linked_exists() =>
        Assert.DoesNotContain(
            Link().Matches(Readme).Select(match => match.Groups[1].Value),
            path => !File.Exists(Path.Combine(Repository.Root, path)));

    [GeneratedRegex(@"`(\w+(?:Tests|Properties))`")]
    private static partial Regex TestClass();

    /// <summary>Targets within the repository.</summary>
    [GeneratedRegex(@"\]\((?!https?:|#)([^)]+)\)")]
    private static partial Regex Link();
}
