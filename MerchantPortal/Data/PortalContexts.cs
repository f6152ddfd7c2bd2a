using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MerchantPortal.Data;

/// <summary>
/// Makes contexts. Everyone may read through <see cref="IDbContextFactory{TContext}"/>; on SQLite those connections refuse to
/// write. Only <see cref="PortalWriter"/> and Identity's store get one that writes.
/// </summary>
public sealed class PortalContexts : IDbContextFactory<PortalDbContext>
{
    /// <summary>How long the driver waits, on its thread, for a file that another process holds; the default would be half a minute.</summary>
    private const int BusySeconds = 1;

    /// <summary>Far longer than the portal pauses between two statements of a transaction.</summary>
    private const int IdleInTransactionSeconds = 20;

    private readonly Func<PortalDbContext> _reading;
    private readonly Func<PortalDbContext> _writing;
    private readonly Func<PortalDbContext> _gated;

    public PortalContexts(IOptions<DatabaseOptions> options, IConfiguration configuration, IHostEnvironment environment, WriteGate gate, ILoggerFactory loggers)
    {
        Provider = options.Value.Provider;
        if (Provider == DatabaseProvider.PostgreSql)
        {
            ConnectionString = configuration.GetConnectionString("Portal")
                ?? throw new InvalidOperationException("ConnectionStrings:Portal is required when Database:Provider is PostgreSql.");
            ConnectionString = Named(ConnectionString);
            var postgres = new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(ConnectionString).UseLoggerFactory(loggers).Options;
            _reading = _writing = _gated = () => new PostgresPortalDbContext(postgres);
            return;
        }

        ConnectionString = configuration.GetConnectionString("Portal") is { Length: > 0 } given
            ? given
            : $"Data Source={Path.Combine(DataFolder.Of(environment), "portal.db")}";
        var source = new SqliteConnectionStringBuilder(ConnectionString).DataSource;
        SqliteFile = source is "" or ":memory:" ? null : Path.GetFullPath(source);
        // Another text, hence another pool: a connection is either a reader or a writer for as long as it lives.
        var readers = new SqliteConnectionStringBuilder(ConnectionString) { Cache = SqliteCacheMode.Private, DefaultTimeout = BusySeconds }.ToString();
        var writers = new SqliteConnectionStringBuilder(ConnectionString) { DefaultTimeout = BusySeconds }.ToString();
        var reading = Sqlite(readers, loggers, new SqliteConnectionSettings(readOnly: true));
        var writing = Sqlite(writers, loggers, new SqliteConnectionSettings(readOnly: false));
        var gated = Sqlite(writers, loggers, new SqliteConnectionSettings(readOnly: false), new GatedSaveChanges(gate));
        _reading = () => new SqlitePortalDbContext(reading);
        _writing = () => new SqlitePortalDbContext(writing);
        _gated = () => new SqlitePortalDbContext(gated);
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    /// <summary>Full path of the database; null on PostgreSQL.</summary>
    public string? SqliteFile { get; }

    public PortalDbContext CreateDbContext() => _reading();

    /// <summary>For <see cref="PortalWriter"/>, which holds the gate, and for migrations.</summary>
    internal PortalDbContext CreateWriting()
    {
        var db = _writing();
        // A unit of work is rolled back whole, so a savepoint around each save is work for nothing.
        db.Database.AutoSavepointsEnabled = false;
        return db;
    }

    /// <summary>For Identity's store: takes the gate around each save.</summary>
    internal PortalDbContext CreateGated() => _gated();

    /// <summary>
    /// So that the server's list of sessions says which are the portal's, and that an instance which stops in the middle of a transaction does
    /// not keep its locks from the others for ever. Options of the operator's own are left as they are.
    /// </summary>
    private static string Named(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.ApplicationName ??= "MerchantPortal";
        builder.Options ??= $"-c idle_in_transaction_session_timeout={IdleInTransactionSeconds}s";
        return builder.ToString();
    }

    private static DbContextOptions<SqlitePortalDbContext> Sqlite(
        string connectionString, ILoggerFactory loggers, params Microsoft.EntityFrameworkCore.Diagnostics.IInterceptor[] interceptors) =>
        new DbContextOptionsBuilder<SqlitePortalDbContext>()
            .UseSqlite(connectionString, sqlite => sqlite.CommandTimeout(2))
            .ReplaceService<IMigrationsSqlGenerator, SqliteTables>()
            .UseLoggerFactory(loggers)
            .AddInterceptors(interceptors)
            .Options;
}
