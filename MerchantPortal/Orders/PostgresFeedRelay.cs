using System.Collections.Concurrent;
using MerchantPortal.Data;
using Npgsql;

namespace MerchantPortal.Orders;

/// <summary>
/// Carries "look" between instances that share a PostgreSQL database: NOTIFY after commits, at most twenty times a second, and LISTEN
/// on a connection of its own. The message is the store's id and nothing else; what this instance has sent it does not hear. Whatever is
/// lost while disconnected is made up for by waking every reader after each connect.
/// </summary>
public sealed partial class PostgresFeedRelay(PortalContexts contexts, FeedSignal signal, TimeProvider time, ILogger<PostgresFeedRelay> logger)
    : BackgroundService
{
    private const string ChannelName = "portal_feed";

    private static readonly TimeSpan BetweenNotifies = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, bool> _raised = new();
    private readonly SemaphoreSlim _anyRaised = new(0, 1);

    /// <summary>The server's process behind the connection that sends; 0 when there is none.</summary>
    private volatile int _sender;

    public override void Dispose()
    {
        _anyRaised.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (contexts.Provider != DatabaseProvider.PostgreSql)
        {
            return;
        }

        signal.RaisedHere += Remember;
        try
        {
            await Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(NotifyAsync, stoppingToken));
        }
        finally
        {
            signal.RaisedHere -= Remember;
        }
    }

    private void Remember(Guid storeId)
    {
        _raised[storeId] = true;
        lock (_raised)
        {
            if (_anyRaised.CurrentCount == 0)
            {
                _anyRaised.Release();
            }
        }
    }

    private async Task KeepAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(cancellationToken);
                await work(connection, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Disconnected(logger, exception);
                await Task.Delay(AfterFailure, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Not pooled: a listening connection must not serve anything else. The keepalive notices a dead peer.</summary>
    private string ConnectionString => new NpgsqlConnectionStringBuilder(contexts.ConnectionString) { Pooling = false, KeepAlive = 15 }.ToString();

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, message) =>
        {
            if (message.PID != _sender && Guid.TryParseExact(message.Payload, "N", out var storeId))
            {
                signal.Wake(storeId);
            }
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        signal.WakeAll();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private async Task NotifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var relax = new NpgsqlCommand("SET synchronous_commit = off", connection))
        {
            // Nothing that is said here has to last: whoever loses it looks anyway.
            await relax.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            _sender = connection.ProcessID;
            while (true)
            {
                await _anyRaised.WaitAsync(cancellationToken);
                await NotifyRaisedAsync(connection, cancellationToken);
                await Task.Delay(BetweenNotifies, time, cancellationToken);
            }
        }
        finally
        {
            _sender = 0;
        }
    }

    private async Task NotifyRaisedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var storeId in _raised.Keys)
        {
            // Forgotten before it is sent: a change that comes meanwhile is sent again, never lost.
            _raised.TryRemove(storeId, out _);
            await NotifyAsync(connection, storeId, cancellationToken);
        }
    }

    private async Task NotifyAsync(NpgsqlConnection connection, Guid storeId, CancellationToken cancellationToken)
    {
        try
        {
            await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
            {
                Parameters = { new() { Value = ChannelName }, new() { Value = storeId.ToString("N") } },
            };
            await notify.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            Remember(storeId);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2002, LogLevel.Warning, "The connection that carries feed signals is lost; connecting again.")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}
