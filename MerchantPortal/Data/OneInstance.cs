namespace MerchantPortal.Data;

/// <summary>
/// A SQLite file serves one portal at a time: the order of writers and the signals of the feed live in its memory. The operating system
/// holds the lock as long as the process lives and lets go of it however the process ends. PostgreSQL serves any number of instances.
/// </summary>
public sealed class OneInstance(PortalContexts contexts) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private FileStream? _held;

    /// <summary>Takes the database for this process; waits a while for one that is just stopping.</summary>
    /// <exception cref="InvalidOperationException">Another portal has it.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; !TryTake(); waited += BetweenTries)
        {
            if (waited >= Patience)
            {
                throw new InvalidOperationException(
                    $"Another portal is running on {contexts.SqliteFile}. A SQLite database serves one instance; for several, use PostgreSQL.");
            }

            // Another process goes by the real clock, whichever this one has.
            await Task.Delay(BetweenTries, TimeProvider.System, cancellationToken);
        }
    }

    /// <returns>True when this process has the database, also when it had it before.</returns>
    public bool TryTake()
    {
        if (contexts.SqliteFile is not { } file || _held is not null)
        {
            return true;
        }

        try
        {
            _held = new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return false;
        }
    }

    public void Dispose() => _held?.Dispose();
}
