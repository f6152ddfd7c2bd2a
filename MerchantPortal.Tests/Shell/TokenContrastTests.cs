using System.Globalization;
using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Shell;

/// <summary>WCAG AA for every pair of colours that text stands in, computed from tokens.css itself.</summary>
public sealed partial class TokenContrastTests
{
    private static readonly string Css = File.ReadAllText(Path.Combine(Repository.Root, "wwwroot-assets", "css", "tokens.css"));

    private static readonly string[] Texts = ["ink", "ink-2", "ink-3", "accent", "ok", "wait", "warn", "bad", "info", "wechat", "alipay"];

    public static TheoryData<string, string, string> Pairs()
    {
        var pairs = new TheoryData<string, string, string>();
        foreach (var theme in new[] { "light", "dark" })
        {
            foreach (var text in Texts)
            {
                pairs.Add(theme, text, "surface-0");
                pairs.Add(theme, text, "surface-1");
            }

            pairs.Add(theme, "ink", "surface-2");
            pairs.Add(theme, "ink-2", "surface-2");
            pairs.Add(theme, "accent-ink", "accent");
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_can_be_read_on_its_ground(string theme, string text, string ground)
    {
        var tokens = Tokens(theme);
        Assert.InRange(Contrast(tokens[text], tokens[ground]), 4.5, 21);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void A_status_can_be_read_on_its_own_tint(string theme)
    {
        var tokens = Tokens(theme);
        foreach (var tone in new[] { "ok", "wait", "warn", "bad", "info" })
        {
            var tint = Mix(tokens[tone], tokens["surface-1"], 0.12);
            Assert.True(Contrast(tokens[tone], tint) >= 4.5, $"{tone} in {theme}: {Contrast(tokens[tone], tint):0.00}");
        }
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void The_border_of_a_control_can_be_seen(string theme)
    {
        var tokens = Tokens(theme);
        Assert.InRange(Contrast(tokens["line-strong"], tokens["surface-1"]), 3, 21);
    }

    [Fact]
    public void Dark_by_choice_is_dark_by_system()
    {
        var blocks = DarkBlock().Matches(Css).Select(match => Declarations(match.Value)).ToList();
        Assert.Equal(2, blocks.Count);
        Assert.Equal(blocks[0], blocks[1]);
    }

    private static Dictionary<string, double[]> Tokens(string theme)
    {
        var text = theme == "dark" ? DarkBlock().Match(Css).Value : Css[..Css.IndexOf("@media", StringComparison.Ordinal)];
        return Declarations(text).ToDictionary(pair => pair.Key, pair => Channels(pair.Value));
    }

    private static SortedDictionary<string, string> Declarations(string block) =>
        new(Colour().Matches(block).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value), StringComparer.Ordinal);

    private static double[] Channels(string hex) =>
        [.. Enumerable.Range(0, 3).Select(i => int.Parse(hex.AsSpan(i * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)];

    private static double[] Mix(double[] over, double[] under, double share) => [.. over.Zip(under, (a, b) => (a * share) + (b * (1 - share)))];

    private static double Contrast(double[] a, double[] b)
    {
        var (light, dark) = (Math.Max(Luminance(a), Luminance(b)), Math.Min(Luminance(a), Luminance(b)));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double Luminance(double[] colour)
    {
        var linear = colour.Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    [GeneratedRegex(@"--([a-z0-9-]+):\s*#([0-9a-f]{6})\s*;")]
    private static partial Regex Colour();

    [GeneratedRegex(@"color-scheme: dark;[^}]*}")]
    private static partial Regex DarkBlock();
}
