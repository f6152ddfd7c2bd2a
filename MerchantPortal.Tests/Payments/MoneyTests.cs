using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace MerchantPortal.Tests.Payments;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("0.01", 1)]
    [InlineData("0.1", 10)]
    [InlineData("0.10", 10)]
    [InlineData("0.29", 29)]
    [InlineData("1", 100)]
    [InlineData("1.1", 110)]
    [InlineData("1.10", 110)]
    [InlineData("19.99", 1999)]
    [InlineData("88.8", 8880)]
    [InlineData("007", 700)]
    [InlineData("123.40", 12340)]
    [InlineData("100000000.00", 10_000_000_000)]
    [InlineData("999999999.99", 99_999_999_999)]
    [InlineData("000000000", 0)]
    public void Yuan_is_read_exactly(string text, long fen) => Assert.Equal(fen, Money.ParseYuan(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" 1.00")]
    [InlineData("1.00 ")]
    [InlineData("1.00\n")]
    [InlineData("\t1")]
    [InlineData("\u00a01")]
    [InlineData("-1.00")]
    [InlineData("-0")]
    [InlineData("+1.00")]
    [InlineData("−1.00")]
    [InlineData("(1.00)")]
    [InlineData("1.001")]
    [InlineData("1.000")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("1..0")]
    [InlineData("1.0.0")]
    [InlineData("1,00")]
    [InlineData("1,000.00")]
    [InlineData("1'000.00")]
    [InlineData("1 000.00")]
    [InlineData("1_000")]
    [InlineData("1.000,00")]
    [InlineData("1٫00")]
    [InlineData("１.００")]
    [InlineData("1．00")]
    [InlineData("۱.۰۰")]
    [InlineData("一")]
    [InlineData("1e2")]
    [InlineData("1E2")]
    [InlineData("1e-2")]
    [InlineData("0x10")]
    [InlineData("1h")]
    [InlineData("0b1")]
    [InlineData("1f")]
    [InlineData("1m")]
    [InlineData("NaN")]
    [InlineData("∞")]
    [InlineData("Infinity")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("¥1.00")]
    [InlineData("1.00元")]
    [InlineData("1.00 CNY")]
    [InlineData("\"1.00\"")]
    [InlineData("1.0\0")]
    [InlineData("1/2")]
    [InlineData("50%")]
    [InlineData("1000000000")]
    [InlineData("0000000001")]
    [InlineData("1000000000.00")]
    [InlineData("92233720368547758.08")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    public void Anything_else_is_not_money(string text) => Assert.Null(Money.ParseYuan(text));

    [Fact]
    public void Thousands_of_digits_are_not_money()
    {
        Assert.Null(Money.ParseYuan(new string('0', 5000) + "1.00"));
        Assert.Null(Money.ParseYuan("1." + new string('0', 5000)));
    }

    [Fact]
    public void Culture_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal((12340L, "123.40", "¥1,284.00"), (Money.ParseYuan("123.40"), Money.ToYuan(12340), Money.Display(128400)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Fen(), fen => Money.ParseYuan(Money.ToYuan(fen)) == fen));

    [Fact]
    public void Shorter_spellings_mean_the_same() => Check.QuickThrowOnFailure(Prop.ForAll(Fen(), fen =>
    {
        var text = (fen / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        return Money.ParseYuan(text) == fen;
    }));

    private static Arbitrary<long> Fen() =>
        (from yuan in Gen.Choose(0, 999_999_999) from cents in Gen.Choose(0, 99) select (yuan * 100L) + cents).ToArbitrary();
}
