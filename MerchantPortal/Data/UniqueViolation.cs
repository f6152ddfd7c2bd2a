using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MerchantPortal.Data;

/// <summary>The only place that knows the databases' error codes.</summary>
public static class UniqueViolation
{
    // SQLite's extended codes; plain 19 is any constraint.
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteBusy = 5;
    private const int SqliteFull = 13;

    public static bool Is(Exception exception) => exception is DbUpdateException { InnerException: { } inner } && inner switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>True when the same work on fresh data may succeed: somebody else was first, or two transactions met.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is DbUpdateConcurrencyException || Is(exception) || IsTransactionConflict(exception)
        || (exception is DbUpdateException { InnerException: { } inner } && IsTransactionConflict(inner));

    /// <summary>True when the database cannot be written now (held by another, full, away); nothing of the work has happened.</summary>
    public static bool IsBusy(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteFull,
        NpgsqlException npgsql => npgsql.IsTransient,
        // EF wraps what its strategy calls transient.
        DbUpdateException or InvalidOperationException => exception.InnerException is SqliteException or NpgsqlException && IsBusy(exception.InnerException),
        _ => false,
    };

    /// <summary>True when the server went away instead of answering.</summary>
    public static bool IsConnectionLost(Exception exception) => exception is PostgresException { SqlState: "57P01" or "57P02" or "57P03" }
        || (exception is NpgsqlException and not PostgresException);

    private static bool IsTransactionConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };
}
