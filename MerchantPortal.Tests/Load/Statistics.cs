namespace MerchantPortal.Tests.Load;

/// <summary>The few figures that say what many measurements mean.</summary>
internal static class Statistics
{
    private const int Resamples = 2_000;

    public static double Median(IReadOnlyList<double> values) => Percentile(values, 0.5);

    /// <summary>Between the two nearest measurements.</summary>
    public static double Percentile(IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + ((sorted[high] - sorted[low]) * (at - low));
    }

    /// <summary>The 95 % interval of the median, by drawing the same measurements again and again. Repeats for the same values.</summary>
    public static (double Low, double High) Interval(IReadOnlyList<double> values)
    {
#pragma warning disable CA5394 // Chance that repeats is wanted.
        var random = new Random(1);
        var medians = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            medians[i] = Median([.. Enumerable.Range(0, values.Count).Select(_ => values[random.Next(values.Count)])]);
        }
#pragma warning restore CA5394

        return (Percentile(medians, 0.025), Percentile(medians, 0.975));
    }

    /// <summary>(max − min) ÷ median.</summary>
    public static double Spread(IReadOnlyList<double> values) => (values.Max() - values.Min()) / Median(values);

    /// <summary>The exponent k of cost = c·n^k, by least squares on logarithms.</summary>
    public static double Exponent(IReadOnlyList<(double Size, double Cost)> points)
    {
        var logs = points.Select(point => (X: Math.Log(point.Size), Y: Math.Log(point.Cost))).ToArray();
        var (x, y) = (logs.Average(log => log.X), logs.Average(log => log.Y));
        return logs.Sum(log => (log.X - x) * (log.Y - y)) / logs.Sum(log => (log.X - x) * (log.X - x));
    }

    /// <summary>How much the cost grows with each one more: of the straight line by least squares.</summary>
    public static double Slope(IReadOnlyList<(double Size, double Cost)> points)
    {
        var (x, y) = (points.Average(point => point.Size), points.Average(point => point.Cost));
        return points.Sum(point => (point.Size - x) * (point.Cost - y)) / points.Sum(point => (point.Size - x) * (point.Size - x));
    }

    /// <summary>How much of the variance a straight line explains.</summary>
    public static double RSquared(IReadOnlyList<(double Size, double Cost)> points)
    {
        var (x, y) = (points.Average(point => point.Size), points.Average(point => point.Cost));
        var (xy, xx, yy) = (points.Sum(p => (p.Size - x) * (p.Cost - y)), points.Sum(p => (p.Size - x) * (p.Size - x)), points.Sum(p => (p.Cost - y) * (p.Cost - y)));
        return xy * xy / (xx * yy);
    }
}
