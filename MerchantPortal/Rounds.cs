namespace MerchantPortal;

/// <summary>The pace of a background job that comes round again and again.</summary>
internal static class Rounds
{
    /// <summary>
    /// Makes a round every <paramref name="period"/>, the first when one has passed, until the portal stops. Rounds never overlap: one
    /// that takes longer than a period delays the next. One that fails does not stop the job.
    /// </summary>
    /// <param name="failed">Hears of every round that failed; its work is for the next one.</param>
    /// <returns>Ends by cancellation only.</returns>
    public static async Task RunAsync(
        TimeProvider time, TimeSpan period, Func<CancellationToken, Task> round, Action<Exception> failed, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await round(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A cancellation that is not the portal's own is a call that took too long.
                failed(exception);
            }
        }
    }
}
