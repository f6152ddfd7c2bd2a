using System.Globalization;
using System.Text;
using System.Text.Json;
using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// R1–R4: durable WeChat notifications a second, ours against what a merchant would write himself and against verification alone,
/// in alternating rounds of one run. A round counts only if every order in it was paid exactly once. Run by <c>load.sh</c>.
/// </summary>
[Trait("Category", "Load")]
public sealed class NotificationStorm
{
    private const int PerRound = 3_000;
    private const int Rounds = 4;

    private static readonly JsonSerializerOptions PlainJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _report = new();
    private CommitCounter? _commits;

    [Fact]
    public async Task Notifications()
    {
        using var platform = new WeChatPlatform();
        await using var portal = await PortalFactory.StartAsync();
        using var counter = new CommitCounter(portal);
        _commits = counter;
        var background = int.Parse(Environment.GetEnvironmentVariable("LOAD_ORDERS") ?? "20000", CultureInfo.InvariantCulture);
        var ours = await StormShop.CreateAsync(portal, platform, background + (PerRound * Rounds * 2));
        await using var naive = await NaiveShop.StartAsync(platform, ours.Orders);
        using var client = LoadClient.Create();

        foreach (var inFlight in (int[])[16, 64])
        {
            await MeasureAsync(client, platform, ours, naive, inFlight);
        }

        await ours.AssertEveryNotifiedOrderIsPaidOnceAsync();
        await portal.AssertInvariantsAsync();
        Assert.Equal(ours.Notified, await naive.PaidAsync());
        var file = Environment.GetEnvironmentVariable("LOAD_REPORT");
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, _report.ToString());
        }
    }

    private async Task MeasureAsync(HttpClient client, WeChatPlatform platform, StormShop ours, NaiveShop naive, int inFlight)
    {
        var (our, their, verify, control) = (new List<LoopResult>(), new List<LoopResult>(), new List<LoopResult>(), new List<LoopResult>());
        var commits = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var signed = ours.SignNext(platform, PerRound);
            control.Add(await RunAsync(new Uri(naive.Address, "control")));
            // ABBA: neither side always runs on the warmer machine.
            if (round % 2 == 0)
            {
                await OursAsync();
                their.Add(await RunAsync(new Uri(naive.Address, "naive")));
            }
            else
            {
                their.Add(await RunAsync(new Uri(naive.Address, "naive")));
                await OursAsync();
            }

            verify.Add(await RunAsync(new Uri(naive.Address, "verify")));

            async Task OursAsync()
            {
                var before = _commits?.Count ?? 0;
                our.Add(await RunAsync(ours.NotifyUrl));
                commits += (_commits?.Count ?? 0) - before;
            }

            async Task<LoopResult> RunAsync(Uri url)
            {
                var result = await ClosedLoop.RunAsync(client, [.. signed.Select(one => (Func<HttpRequestMessage>)(() => one.ToRequest(url)))], inFlight);
                Assert.Equal(0, result.Failed);
                return result;
            }
        }

        Report(inFlight, our, their, verify, control, commits);
    }

    private void Report(int inFlight, List<LoopResult> our, List<LoopResult> their, List<LoopResult> verify, List<LoopResult> control, long commits)
    {
        // The first round of each warms up.
        var (o, n, v, c) = (Median(our, r => r.PerSecond), Median(their, r => r.PerSecond), Median(verify, r => r.PerSecond), Median(control, r => r.PerSecond));
        var (op99, np99) = (Median(our, r => r.Percentile(0.99)), Median(their, r => r.Percentile(0.99)));
        Line($"{inFlight,3} in flight  ours {o,8:0}/s p99 {op99,7:0.0} ms | naive {n,8:0}/s p99 {np99,7:0.0} ms | verify only {v,8:0}/s | control {c,8:0}/s");
        Ratio($"R1@{inFlight}", o, n, ">=10");
        Ratio($"R2@{inFlight}", op99, np99, "<=0.1");
        Ratio($"R3@{inFlight}", o, v, ">=0.5");
        Ratio($"R4@{inFlight}", commits, (double)PerRound * Rounds, "<=0.3");

        static double Median(List<LoopResult> rounds, Func<LoopResult, double> figure)
        {
            var sorted = rounds.Skip(1).Select(figure).Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    private void Ratio(string id, double ours, double theirs, string goal) => Line(JsonSerializer.Serialize(
        new { id, ours = Math.Round(ours, 2), theirs = Math.Round(theirs, 2), ratio = Math.Round(ours / theirs, 3), goal }, PlainJson));

    private void Line(FormattableString text) => Line(FormattableString.Invariant(text));

    private void Line(string text) => _report.AppendLine(text);
}
