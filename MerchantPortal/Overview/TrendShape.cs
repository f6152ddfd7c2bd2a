using System.Globalization;

namespace MerchantPortal.Overview;

/// <summary>A line of takings on a field of <see cref="Width"/> × <see cref="Height"/>, in whole units: y grows downwards, 0 fen lies at the bottom.</summary>
/// <param name="Line">Points of the line, as SVG wants them.</param>
/// <param name="Area">The line, closed along the bottom.</param>
/// <param name="Top">The amount at the field's upper edge, in 分: a round number of yuan.</param>
public sealed record TrendShape(string Line, string Area, long Top)
{
    public const int Width = 1300;
    public const int Height = 1000;

    private static readonly long[] Steps = [2, 4, 10];

    /// <param name="amounts">分, at least two, oldest first.</param>
    public static TrendShape Of(IReadOnlyList<long> amounts)
    {
        var top = RoundUp(amounts.Max());
        var points = amounts.Select((amount, i) => string.Create(
            CultureInfo.InvariantCulture, $"{Width * i / (amounts.Count - 1)},{Height - (amount * Height / top)}"));
        var line = string.Join(' ', points);
        return new TrendShape(line, $"0,{Height} {line} {Width},{Height}", top);
    }

    /// <summary>The next of 2, 4, 10, 20, 40, 100 … yuan: half of it is whole, too.</summary>
    private static long RoundUp(long fen)
    {
        for (long unit = 100; ; unit *= 10)
        {
            if (Array.Find(Steps, step => step * unit >= fen) is > 0 and var step)
            {
                return step * unit;
            }
        }
    }
}
