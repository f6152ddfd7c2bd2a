using System.Threading.Channels;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantPortal.Sandbox.Deliveries;

/// <summary>Sends what is due, one message after the other in the order in which they became due.</summary>
public sealed partial class NotificationPump(
    SandboxWriter writer, SendDelivery send, IOptions<SandboxOptions> options, TimeProvider time, ILogger<NotificationPump> logger) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private readonly Channel<TaskCompletionSource> _calls = Channel.CreateUnbounded<TaskCompletionSource>();

    /// <summary>There may be something to send.</summary>
    public void Wake() => _calls.Writer.TryWrite(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Completes when everything that is due now has been sent and answered.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken)
    {
        var call = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Writer.TryWrite(call);
        return call.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The same, but no longer than a person would wait.</summary>
    public async Task QuietSoonAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WhenQuietAsync(cancellationToken).WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The rest goes out later; who asked sees what there is.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var calls = new List<TaskCompletionSource>();
        while (!stoppingToken.IsCancellationRequested)
        {
            while (_calls.Reader.TryRead(out var call))
            {
                calls.Add(call);
            }

            var sleep = await SendDueAsync(stoppingToken);
            calls.ForEach(call => call.TrySetResult());
            calls.Clear();
            await SleepAsync(sleep, stoppingToken);
        }
    }

    /// <returns>How long nothing more will be due.</returns>
    private async Task<TimeSpan> SendDueAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await NextAsync(stoppingToken) is { } next)
            {
                if (next.DueAt > time.GetUtcNow())
                {
                    return TimeSpan.FromTicks(Math.Min((next.DueAt - time.GetUtcNow()).Ticks, LongestSleep.Ticks));
                }

                await send.ExecuteAsync(next.Id, stoppingToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.SendFailed(logger, exception);
        }

        return LongestSleep;
    }

    private async Task<SandboxDelivery?> NextAsync(CancellationToken stoppingToken)
    {
        await using var db = writer.CreateDbContext();
        return await db.Deliveries.AsNoTracking().Where(row => row.State == DeliveryState.Waiting)
            .OrderBy(row => row.DueAt).ThenBy(row => row.Id).FirstOrDefaultAsync(stoppingToken);
    }

    private async Task SleepAsync(TimeSpan sleep, CancellationToken stoppingToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var call = _calls.Reader.WaitToReadAsync(woken.Token).AsTask();
        await Task.WhenAny(call, Task.Delay(sleep < TimeSpan.Zero ? TimeSpan.Zero : sleep, time, woken.Token));
        await woken.CancelAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "The sandbox could not send a notification")]
        public static partial void SendFailed(ILogger logger, Exception exception);
    }
}
