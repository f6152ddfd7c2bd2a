using MerchantPortal.Tests.Support;

namespace MerchantPortal.Tests;

public sealed class RoundsTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _done = new(0);
    private readonly List<Exception> _failures = [];
    private int _rounds;

    [Fact]
    public async Task A_round_is_made_after_each_period_and_none_before()
    {
        var job = RunAsync(_ => Task.CompletedTask);

        _clock.Advance(Period - TimeSpan.FromTicks(1));
        Assert.Equal(0, _rounds);
        await NextAsync(TimeSpan.FromTicks(1));
        await NextAsync(Period);

        Assert.Equal(2, _rounds);
        await StopAsync(job);
    }

    [Fact]
    public async Task A_round_that_fails_is_told_and_the_next_one_is_made()
    {
        var job = RunAsync(_ => _rounds == 1 ? throw new InvalidOperationException("first") : Task.CompletedTask);

        await NextAsync(Period);
        await NextAsync(Period);

        Assert.Equal(["first"], _failures.Select(failure => failure.Message));
        await StopAsync(job);
    }

    [Fact]
    public async Task A_call_that_timed_out_is_a_failed_round_and_does_not_stop_the_job()
    {
        var job = RunAsync(_ => _rounds == 1 ? throw new TaskCanceledException() : Task.CompletedTask);

        await NextAsync(Period);
        await NextAsync(Period);

        Assert.IsType<TaskCanceledException>(Assert.Single(_failures));
        await StopAsync(job);
    }

    [Fact]
    public async Task Stopping_reaches_the_round_that_is_under_way_and_is_no_failure()
    {
        var job = RunAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, _clock, token));
        await NextAsync(Period);

        await StopAsync(job);

        Assert.Empty(_failures);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _done.Dispose();
    }

    private Task RunAsync(Func<CancellationToken, Task> round) => Rounds.RunAsync(
        _clock,
        Period,
        token =>
        {
            _rounds++;
            _done.Release();
            return round(token);
        },
        _failures.Add,
        _stop.Token);

    private async Task NextAsync(TimeSpan pause)
    {
        _clock.Advance(pause);
        Assert.True(await _done.WaitAsync(Patience.Limit));
    }

    private async Task StopAsync(Task job)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.WaitAsync(Patience.Limit));
    }
}
