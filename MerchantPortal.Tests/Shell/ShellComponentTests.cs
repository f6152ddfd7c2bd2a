using System.Globalization;
using Bunit;
using MerchantPortal.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Tests.Shell;

public sealed class ShellComponentTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    public ShellComponentTests()
    {
        Services.AddLocalization();
        Services.AddLogging();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
    }

    [Theory]
    [InlineData(128_400L, "¥1,284.00")]
    [InlineData(0L, "¥0.00")]
    [InlineData(-5L, "-¥0.05")]
    [InlineData(null, "–")]
    public void Money_shows_yuan_and_the_unknown_as_a_dash(long? fen, string shown) =>
        Assert.Equal(shown, Render<MoneyText>(parameters => parameters.Add(money => money.Fen, fen)).Find(".money").TextContent);

    [Theory]
    [InlineData(StatusTone.Ok)]
    [InlineData(StatusTone.Wait)]
    [InlineData(StatusTone.Warn)]
    [InlineData(StatusTone.Bad)]
    [InlineData(StatusTone.Info)]
    public void A_status_is_an_icon_and_a_word_and_never_colour_alone(StatusTone tone)
    {
        var chip = Render<StatusChip>(parameters => parameters.Add(c => c.Tone, tone).Add(c => c.Text, "已付款")).Find(".chip");
        Assert.Equal("已付款", chip.TextContent.Trim());
        Assert.NotNull(chip.QuerySelector("svg path"));
    }

    [Fact]
    public void Tones_differ_in_shape_not_only_in_colour() =>
        Assert.Equal(5, new[] { "ok", "wait", "warn", "bad", "info" }.Select(tone => IconPaths.Of($"tone-{tone}")).Distinct().Count());

    [Theory]
    [InlineData(-10, "刚刚")]
    [InlineData(-60, "1 分钟前")]
    [InlineData(-60 * 59, "59 分钟前")]
    [InlineData(-60 * 60 * 5, "5 小时前")]
    [InlineData(-60 * 60 * 24 * 3, "3 天前")]
    [InlineData(60 * 30, "30 分钟后")]
    public void A_moment_is_told_by_its_coarse_distance(int seconds, string shown) =>
        Assert.Equal(shown, RelativeWords.Of(Now.AddSeconds(seconds), Now, Services.GetRequiredService<IStringLocalizer<ShellText>>()));

    [Fact]
    public void English_knows_one_from_many()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var text = Services.GetRequiredService<IStringLocalizer<ShellText>>();
        Assert.Equal("1 minute ago", RelativeWords.Of(Now.AddSeconds(-61), Now, text));
        Assert.Equal("2 minutes ago", RelativeWords.Of(Now.AddSeconds(-120), Now, text));
    }

    [Fact]
    public void Copying_offers_the_bare_value_and_has_a_name()
    {
        var button = Render<CopyButton>(parameters => parameters.Add(c => c.Value, "M20261121")).Find("button");
        Assert.Equal("M20261121", button.GetAttribute("data-copy"));
        Assert.Equal("复制", button.GetAttribute("aria-label"));
    }

    [Fact]
    public void An_empty_list_says_one_sentence_and_offers_one_action()
    {
        var empty = Render<EmptyState>(parameters => parameters
            .Add(e => e.Sentence, "还没有订单")
            .AddChildContent("<button>新建订单</button>"));
        Assert.Equal("还没有订单", empty.Find("p").TextContent);
        Assert.Equal(2, empty.FindAll("svg path").Count);
        Assert.Single(empty.FindAll("button"));
    }

    [Fact]
    public void Every_empty_state_has_its_drawing()
    {
        foreach (var drawing in Enum.GetValues<EmptyDrawing>())
        {
            var empty = Render<EmptyState>(parameters => parameters.Add(e => e.Sentence, "x").Add(e => e.Drawing, drawing));
            Assert.All(empty.FindAll("svg path"), path => Assert.NotEmpty(path.GetAttribute("d") ?? ""));
        }
    }
}
