using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using MerchantPortal.Data;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantPortal.Tests.Load;

/// <summary>
/// Takes the sync out of one portal's commits, which no setting of the product can: the connection that it writes by is found while it is
/// opened, and told afterwards that <c>synchronous</c> is NORMAL.
/// </summary>
internal sealed class UnsyncedCommits : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentBag<DbConnection> _opened = [];
    private readonly List<IDisposable> _subscriptions = [];

    public UnsyncedCommits() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>From now on; before the portal's writer has been at work it has no connection yet.</summary>
    public void TakeFrom(PortalFactory portal) => Writer(portal, "PRAGMA synchronous=NORMAL");

    /// <summary>Every commit since was without a sync: the connection is still the same one.</summary>
    public void AssertTakenFrom(PortalFactory portal) => Assert.Equal(1L, Writer(portal, "PRAGMA synchronous"));

    /// <summary>The other portal's commits are as the product makes them.</summary>
    public void AssertNotTakenFrom(PortalFactory portal) => Assert.Equal(2L, Writer(portal, "PRAGMA synchronous"));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(value.Subscribe(this, (name, _, _) => name == RelationalEventId.ConnectionOpened.Name));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is ConnectionEventData { Connection: SqliteConnection connection })
        {
            _opened.Add(connection);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private object? Writer(PortalFactory portal, string pragma)
    {
        var file = portal.Get<PortalContexts>().SqliteFile;
        var writer = _opened.Distinct().Single(connection => connection.State == System.Data.ConnectionState.Open
            && Path.GetFullPath(connection.DataSource) == file && Equals(Ask(connection, "PRAGMA query_only"), 0L));
        return Ask(writer, pragma);
    }

    private static object? Ask(DbConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return command.ExecuteScalar();
    }
}
