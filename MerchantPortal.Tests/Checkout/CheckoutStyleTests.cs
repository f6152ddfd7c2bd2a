using System.Text.RegularExpressions;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Checkout;

public sealed class CheckoutStyleTests
{
    /// <summary>The page brings its tokens along to save a request; they must not drift from the console's.</summary>
    [Fact]
    public async Task The_pages_colours_are_the_tokens_of_the_product()
    {
        using var portal = await PortalFactory.StartAsync();
        using var client = portal.CreateClient();
        var (light, dark) = Colours(await client.GetStringAsync("/css/tokens.css"));

        var (ownLight, ownDark) = Colours(await client.GetStringAsync("/css/checkout.css"));

        Assert.NotEmpty(ownLight);
        Assert.NotEmpty(ownDark);
        Assert.All(ownLight.Where(own => own.Key != "--on-mark"), own => Assert.Equal(light[own.Key], own.Value));
        Assert.All(ownDark.Where(own => own.Key != "--on-mark"), own => Assert.Equal(dark[own.Key], own.Value));
    }

    private static (Dictionary<string, string> Light, Dictionary<string, string> Dark) Colours(string css)
    {
        var split = css.IndexOf("prefers-color-scheme: dark", StringComparison.Ordinal);
        return (Read(css[..split]), Read(Regex.Match(css[split..], @"\{[^{]*\{(?<block>[^}]*)\}").Groups["block"].Value));
    }

    private static Dictionary<string, string> Read(string css) =>
        Regex.Matches(css, @"(?<name>--[\w-]+):\s*(?<value>#[0-9a-f]{6})").ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
}
