using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MerchantPortal.Shell;
using MerchantPortal.Tests.Support;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Tests.Shell;

/// <summary>One order is not "1 orders".</summary>
public sealed partial class CountedTextTests
{
    [Theory]
    [InlineData("en", 0, "0 new orders")]
    [InlineData("en", 1, "1 new order")]
    [InlineData("en", 1_234, "1,234 new orders")]
    [InlineData("zh-CN", 1, "1 笔新订单")]
    public void A_text_tells_how_many_in_the_words_for_so_many(string culture, long count, string told)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var factory = new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance);
            Assert.Equal(told, new StringLocalizer<MerchantPortal.Orders.OrdersText>(factory).Count("NewRows", count));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void Every_English_text_of_a_count_has_one_for_one()
    {
        var counts = Directory.GetFiles(Path.Combine(Repository.Root, "MerchantPortal"), "*Text.resx", SearchOption.AllDirectories)
            .SelectMany(file => Texts(file).Where(text => Count().IsMatch(text.Value)).Select(text => (File: file, text.Key))).ToList();

        Assert.NotEmpty(counts);
        Assert.All(counts, count =>
        {
            Assert.Contains($"{count.Key}One", Texts(count.File));
            Assert.Contains($"{count.Key}One", Texts(count.File.Replace(".resx", ".zh-CN.resx", StringComparison.Ordinal)));
        });
    }

    private static Dictionary<string, string> Texts(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(data => (string)data.Attribute("name")!, data => (string)data.Element("value")!);

    [GeneratedRegex(@"\{0\} (new )?(orders|payments|refunds|callbacks|changes|entries|records|products|cases|members|subscriptions)\b")]
    private static partial Regex Count();
}
