using System.Diagnostics;
using System.Globalization;

namespace MerchantPortal.Data;

/// <summary>
/// Named places where a test breaks the portal on purpose, armed by the environment variable <c>PORTAL_FAILPOINTS</c>, e.g.
/// <c>before-commit=kill@3;gateway-request-sent=delay:2000</c>: end the process as a power cut does, throw, or wait so many milliseconds;
/// with <c>@n</c> at the n-th time only. Nothing happens without the variable, and outside Development a portal that has it does not start.
/// </summary>
public sealed class Failpoints
{
    public const string Variable = "PORTAL_FAILPOINTS";

    public const string AfterCapture = "after-capture";
    public const string BeforeCommit = "before-commit";
    public const string AfterCommit = "after-commit";
    public const string BeforeFeedPublish = "before-feed-publish";
    public const string BeforeAnswer = "before-answer";
    public const string AfterAnswer = "after-answer";
    public const string GatewayRequestSent = "gateway-request-sent";

    private readonly Dictionary<string, Armed> _armed;
    private readonly TimeProvider _time;

    public Failpoints(IHostEnvironment environment, TimeProvider time)
    {
        _time = time;
        var text = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (text.Length > 0 && !environment.IsDevelopment())
        {
            throw new InvalidOperationException($"{Variable} breaks the portal on purpose and is refused outside Development.");
        }

        _armed = text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Armed.Parse).ToDictionary(armed => armed.Name, StringComparer.Ordinal);
    }

    public Task ReachAsync(string name) => _armed.Count > 0 && _armed.TryGetValue(name, out var armed) ? armed.FireAsync(_time) : Task.CompletedTask;

    private sealed record Armed(string Name, string Action, int Occurrence)
    {
        private int _reached;

        public static Armed Parse(string text) =>
            text.Split('=', '@') is [var name, var action, .. var rest] && (action is "kill" or "throw" || action.StartsWith("delay:", StringComparison.Ordinal))
                ? new(name.Trim(), action, rest is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0)
                : throw new InvalidOperationException($"{Variable}: '{text}' is not name=kill, name=throw or name=delay:milliseconds, with @n for the n-th time.");

        public Task FireAsync(TimeProvider time)
        {
            if (Interlocked.Increment(ref _reached) != Occurrence && Occurrence > 0)
            {
                return Task.CompletedTask;
            }

            if (Action == "kill")
            {
                Process.GetCurrentProcess().Kill();
            }

            return Action.Split(':') is [_, var milliseconds]
                ? Task.Delay(TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture)), time)
                : throw new InvalidOperationException($"The failpoint {Name} is armed.");
        }
    }
}
