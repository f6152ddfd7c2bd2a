using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantPortal.Tests.Support;

/// <summary>Hears of each command that EF is about to send, anywhere in this process, while it lives.</summary>
internal sealed class EfCommands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Action<CommandEventData> _hear;

    public EfCommands(Action<CommandEventData> hear)
    {
        _hear = hear;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Hears of this portal's commands with such a text.</summary>
    public static async Task<EfCommands> OfAsync(PortalFactory portal, string text, Action<DbCommand> hear)
    {
        var database = await portal.ReadAsync(db => Task.FromResult(DatabaseOf(db.Database.GetDbConnection())));
        return new EfCommands(sent =>
        {
            if (sent.Command.CommandText.Contains(text, StringComparison.Ordinal) && sent.Command.Connection is { } connection && DatabaseOf(connection) == database)
            {
                hear(sent.Command);
            }
        });
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(value.Subscribe(this, (name, _, _) => name == RelationalEventId.CommandExecuting.Name));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is CommandEventData sent)
        {
            _hear(sent);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static string DatabaseOf(DbConnection connection) => $"{connection.DataSource}/{connection.Database}";
}
