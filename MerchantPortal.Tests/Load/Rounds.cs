using System.Diagnostics;
using System.Globalization;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// Measures sides in turn, forwards and backwards, so that neither always has the quieter machine. A control that does nothing is
/// measured in every round; when it varies too much the whole run is made once more.
/// </summary>
internal sealed class Rounds(int count, Func<Task<double>> control)
{
    private const double MostSpread = 0.15;

    /// <summary>How long one side takes in a round: <c>LOAD_SECONDS</c>; without it 1, or 5 with <c>LOAD_FULL=1</c>.</summary>
    public static readonly double Seconds =
        double.Parse(Environment.GetEnvironmentVariable("LOAD_SECONDS") ?? (LoadSize.IsFull ? "5" : "1"), CultureInfo.InvariantCulture);

    /// <returns>The median of what is measured again and again for as long as a round lasts.</returns>
    public static async Task<double> MedianAsync(Func<Task<double>> once)
    {
        var (started, figures) = (Stopwatch.GetTimestamp(), new List<double>());
        while (figures.Count < 3 || Stopwatch.GetElapsedTime(started).TotalSeconds < Seconds)
        {
            figures.Add(await once());
        }

        return Statistics.Median(figures);
    }

    /// <returns>Milliseconds that one call takes: the median of as many as a round has room for.</returns>
    public static Task<double> MedianAsync(Func<Task> call) => MedianAsync(() => SeededShop.MedianAsync(1, _ => call()));

    /// <param name="sides">Each gives one figure per round.</param>
    public async Task<RoundTable> RunAsync(params (string Name, Func<Task<double>> Measure)[] sides)
    {
        var table = await RunOnceAsync(sides);
        return table.IsVoid ? await RunOnceAsync(sides) : table;
    }

    private async Task<RoundTable> RunOnceAsync((string Name, Func<Task<double>> Measure)[] sides)
    {
        // The first round of each warms up.
        foreach (var (_, measure) in sides)
        {
            await measure();
        }

        await control();
        var controls = new List<double>();
        var figures = sides.ToDictionary(side => side.Name, _ => new List<double>());
        for (var round = 0; round < count; round++)
        {
            controls.Add(await control());
            foreach (var (name, measure) in round % 2 == 0 ? sides : sides.Reverse())
            {
                figures[name].Add(await measure());
            }
        }

        var spread = Statistics.Spread(controls);
        return new RoundTable(figures, spread, spread > MostSpread);
    }
}

/// <param name="ControlSpread">(max − min) ÷ median of the control.</param>
/// <param name="IsVoid">The machine was too busy with something else, twice.</param>
internal sealed record RoundTable(IReadOnlyDictionary<string, List<double>> Figures, double ControlSpread, bool IsVoid)
{
    public double Median(string side) => Statistics.Median(Figures[side]);

    /// <summary>One per round.</summary>
    public double[] Ratios(string above, string below) => [.. Figures[above].Zip(Figures[below], (a, b) => a / b)];
}
