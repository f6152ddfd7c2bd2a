using System.Globalization;

namespace MerchantPortal;

/// <summary>
/// Text forms of money. Everywhere else money is a <see cref="long"/> count of 分 (1/100 yuan) in CNY, the only currency
/// that the channels settle.
/// </summary>
public static class Money
{
    public const string Currency = "CNY";

    /// <summary>The largest amount that one order may have: ¥100,000,000.00, Alipay's limit. In 分.</summary>
    public const long MaxOrderAmount = 10_000_000_000;

    /// <summary>Reads yuan as the gateways write it: one to nine digits, then at most two decimals. Nothing else.</summary>
    /// <returns>分, or null when the text is anything else (sign, exponent, separator, full-width digit, blank).</returns>
    public static long? ParseYuan(ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        var cents = dot < 0 ? [] : text[(dot + 1)..];
        if (whole.Length is < 1 or > 9 || (dot >= 0 && cents.Length is < 1 or > 2))
        {
            return null;
        }

        long fen = 0;
        foreach (var c in whole)
        {
            if (!char.IsAsciiDigit(c))
            {
                return null;
            }

            fen = (fen * 10) + (c - '0');
        }

        for (var i = 0; i < 2; i++)
        {
            var c = i < cents.Length ? cents[i] : '0';
            if (!char.IsAsciiDigit(c))
            {
                return null;
            }

            fen = (fen * 10) + (c - '0');
        }

        return fen;
    }

    /// <summary>Yuan with exactly two decimals and no separator, as Alipay wants it: 12340 → <c>123.40</c>.</summary>
    public static string ToYuan(long fen) =>
        string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen / 100)}.{Math.Abs(fen % 100):00}");

    /// <summary>For people, the same in both languages: 128400 → <c>¥1,284.00</c>.</summary>
    public static string Display(long fen) =>
        string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}¥{Math.Abs(fen / 100):#,0}.{Math.Abs(fen % 100):00}");
}
