using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Architecture;

/// <summary>
/// The direction of dependencies, read from the source: what a folder may name. Products ← Orders ← Payments ← Subscriptions, Checkout; pages and
/// queries may read across; channels never see the database; nothing but the composition root sees the sandbox.
/// </summary>
public sealed partial class DependencyTests
{
    private static readonly string Root = Path.Combine(Repository.Root, "MerchantPortal");

    [Theory]
    [InlineData("Products", "Orders|Payments|Subscriptions|Checkout|Sandbox")]
    [InlineData("Orders", "Payments|Subscriptions|Checkout|Sandbox")]
    [InlineData("Payments", "Subscriptions|Checkout|Sandbox")]
    [InlineData("Subscriptions", "Checkout|Sandbox")]
    [InlineData("Checkout", "Sandbox")]
    [InlineData("Accounts", "Checkout|Sandbox")]
    [InlineData("Shell", "Checkout|Sandbox")]
    [InlineData("Api", "Checkout|Sandbox")]
    [InlineData("Data", "Checkout|Sandbox")]
    public void A_writing_part_never_names_a_part_to_its_right(string folder, string forbidden)
    {
        var rule = new Regex($@"\bMerchantPortal\.({forbidden})\b");
        Assert.Empty(Sources(folder).Where(file => !ReadsAcross(file) && rule.IsMatch(CodeOf(file))).Select(Relative));
    }

    [Fact]
    public void Only_the_composition_root_sees_the_sandbox() =>
        Assert.Empty(Sources("").Where(file => !Relative(file).StartsWith("Sandbox/", StringComparison.Ordinal) && Relative(file) != "Program.cs")
            .Where(file => CodeOf(file).Contains("MerchantPortal.Sandbox", StringComparison.Ordinal)).Select(Relative));

    [Fact]
    public void A_channel_never_sees_the_database() =>
        Assert.Empty(ChannelFolders().SelectMany(Directory.GetFiles)
            .Where(file => DatabaseName().IsMatch(CodeOf(file))).Select(Relative));

    [Fact]
    public void A_page_never_queries_or_decides() =>
        Assert.Empty(Sources("").Where(file => Relative(file).Contains("/Pages/", StringComparison.Ordinal))
            .Where(file => PageRule().IsMatch(CodeOf(file))).Select(Relative));

    /// <summary>So that another component library could take its place in one folder.</summary>
    [Fact]
    public void Only_the_shell_speaks_to_the_component_library() =>
        Assert.Empty(Sources("").Where(file => !Relative(file).StartsWith("Shell/", StringComparison.Ordinal))
            .Where(file => CodeOf(file).Contains("Radzen", StringComparison.Ordinal)).Select(Relative));

    [Fact]
    public void The_state_machine_is_pure() =>
        Assert.DoesNotMatch(ImpureName(), CodeOf(Path.Combine(Root, "Payments", "PaymentStateMachine.cs")));

    [Fact]
    public void Only_channels_make_verified_notifications() =>
        Assert.Empty(Sources("").Where(file => !Relative(file).StartsWith("Payments/Channels/", StringComparison.Ordinal))
            .Where(file => CodeOf(file).Contains("new VerifiedNotification", StringComparison.Ordinal)).Select(Relative));

    [Fact]
    public void The_composition_root_stays_small() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Root, "Program.cs")).Length, 1, 80);

    [Fact]
    public void The_rules_see_code() => Assert.True(Sources("").Count() > 50, $"No sources below {Root}.");

    [GeneratedRegex(@"\b(DbContext|PortalWriter|IDbContextFactory|EntityFrameworkCore)\b")]
    private static partial Regex DatabaseName();

    [GeneratedRegex(@"\b(IDbContextFactory|PortalDbContext|PortalWriter|PaymentStateMachine)\b")]
    private static partial Regex PageRule();

    [GeneratedRegex(@"\b(TimeProvider|DateTimeOffset\.UtcNow|HttpClient|ILogger|DbContext|async|await|Task)\b")]
    private static partial Regex ImpureName();

    /// <summary>Reads, pages and registration sit on top of the features.</summary>
    private static bool ReadsAcross(string file) =>
        Relative(file).Contains("/Pages/", StringComparison.Ordinal)
        || file.EndsWith("Queries.cs", StringComparison.Ordinal)
        || file.EndsWith("Api.cs", StringComparison.Ordinal)
        || file.EndsWith("Feature.cs", StringComparison.Ordinal)
        || Path.GetFileName(file) is "PortalDbContext.cs" or "FieldChange.cs";

    private static string[] ChannelFolders() => Directory.GetDirectories(Path.Combine(Root, "Payments", "Channels"));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .Where(file => !Relative(file).StartsWith("bin/", StringComparison.Ordinal) && !Relative(file).StartsWith("obj/", StringComparison.Ordinal)
                && !Relative(file).StartsWith("Data/Migrations/", StringComparison.Ordinal));

    /// <summary>Without comments: documentation may name what code may not.</summary>
    private static string CodeOf(string file) => string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');
}
