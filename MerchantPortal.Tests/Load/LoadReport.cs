using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MerchantPortal.Tests.Load;

/// <summary>What a load run prints: a table for people, then one line of JSON per ratio. <c>load.sh</c> shows it when the run's invariants held.</summary>
internal sealed class LoadReport
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();

    public LoadReport() => Line(LoadStamp.Take());

    public void Line(FormattableString text) => Line(FormattableString.Invariant(text));

    public void Line(string text) => _text.AppendLine(text);

    /// <summary>A ratio from rounds: median, and the 95 % interval by whose worse end the goal is judged.</summary>
    /// <param name="isAtLeast">True when the ratio has to be at least the goal, false when at most.</param>
    public void Ratio(string id, RoundTable rounds, string ours, string theirs, bool isAtLeast, double goal) =>
        Ratio(id, rounds, rounds.Ratios(ours, theirs), rounds.Median(ours), rounds.Median(theirs), isAtLeast, goal);

    /// <summary>The same, with the ratio taken the other way round: a time of theirs divided by one of ours.</summary>
    public void Inverse(string id, RoundTable rounds, string ours, string theirs, double goal) =>
        Ratio(id, rounds, rounds.Ratios(theirs, ours), rounds.Median(ours), rounds.Median(theirs), isAtLeast: true, goal);

    /// <summary>A ratio of two single figures.</summary>
    public void Ratio(string id, double ours, double theirs, bool isAtLeast, double goal, string? spread = null) =>
        Write(id, ours, theirs, ours / theirs, (ours / theirs, ours / theirs), (isAtLeast, goal), spread);

    /// <summary>A figure that is no ratio, e.g. an exponent.</summary>
    public void Figure(string id, double value, bool isAtLeast, double goal) => Write(id, value, null, value, (value, value), (isAtLeast, goal), null);

    public async Task SaveAsync()
    {
        if (Environment.GetEnvironmentVariable("LOAD_REPORT") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, _text.ToString());
        }
    }

    private void Ratio(string id, RoundTable rounds, double[] ratios, double ours, double theirs, bool isAtLeast, double goal) =>
        Write(id, ours, theirs, Statistics.Median(ratios), Statistics.Interval(ratios), (isAtLeast, goal),
            rounds.IsVoid ? string.Create(CultureInfo.InvariantCulture, $"control spread {rounds.ControlSpread:0.00}") : null);

    private void Write(
        string id, double ours, double? theirs, double ratio, (double Low, double High) interval, (bool IsAtLeast, double Value) goal, string? isVoid)
    {
        var line = new Dictionary<string, object?>
        {
            ["id"] = id,
            ["ours"] = Short(ours),
            ["theirs"] = theirs is null ? null : Short(theirs.Value),
            ["ratio"] = Short(ratio),
            ["goal"] = string.Create(CultureInfo.InvariantCulture, $"{(goal.IsAtLeast ? ">=" : "<=")}{goal.Value}"),
            ["interval"] = new[] { Short(interval.Low), Short(interval.High) },
            ["met"] = goal.IsAtLeast ? interval.Low >= goal.Value : interval.High <= goal.Value,
        };
        if (isVoid is not null)
        {
            line["void"] = isVoid;
        }

        Line(JsonSerializer.Serialize(line, Plain));
    }

    private static double Short(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;
}
