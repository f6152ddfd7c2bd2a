using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace MerchantPortal.Tests.Shell;

/// <summary>Both languages of the console are complete, for every feature that has texts.</summary>
public sealed partial class TextParityTests
{
    public static TheoryData<string> TextTypes() => [.. typeof(Program).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsSealed && type.Name.EndsWith("Text", StringComparison.Ordinal) && HasResources(type))
        .Select(type => type.FullName ?? "")];

    [Theory]
    [MemberData(nameof(TextTypes))]
    public void Chinese_and_English_have_the_same_keys(string type)
    {
        var english = Read(type, CultureInfo.InvariantCulture);
        var chinese = Read(type, CultureInfo.GetCultureInfo("zh-CN"));
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TextTypes))]
    public void No_text_is_blank_and_both_languages_fill_in_the_same_values(string type)
    {
        var chinese = Read(type, CultureInfo.GetCultureInfo("zh-CN"));
        foreach (var (key, english) in Read(type, CultureInfo.InvariantCulture))
        {
            Assert.False(string.IsNullOrWhiteSpace(english), $"{type} {key} is blank in English.");
            Assert.False(string.IsNullOrWhiteSpace(chinese[key]), $"{type} {key} is blank in Chinese.");
            Assert.True(Places(english).SetEquals(Places(chinese[key])), $"{type} {key}: “{english}” and “{chinese[key]}” name different places.");
        }
    }

    [Fact]
    public void There_are_texts_to_compare() => Assert.True(HasResources(typeof(MerchantPortal.Shell.ShellText)));

    private static bool HasResources(Type type) =>
        type.Assembly.GetManifestResourceNames().Contains($"{type.FullName}.resources");

    private static Dictionary<string, string> Read(string type, CultureInfo culture) =>
        (new ResourceManager(type, typeof(Program).Assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false)
            ?? throw new InvalidOperationException($"{type} has no texts for {culture.Name}."))
        .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"\{(\d+)[^}]*\}")]
    private static partial Regex Place();
}
