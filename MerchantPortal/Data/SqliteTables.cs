using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace MerchantPortal.Data;

/// <summary>
/// Makes some tables of SQLite WITHOUT ROWID: one tree in the order of the key instead of two. Only for short rows that are written in the
/// order of their key or are few; every other index of such a table repeats the whole key. Where a table is made anew, ids that are text become <see cref="IdBytes"/>.
/// </summary>
#pragma warning disable EF1001 // Its one parameter that is not public is only handed on.
internal sealed class SqliteTables(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations) : SqliteMigrationsSqlGenerator(dependencies, annotations)
#pragma warning restore EF1001
{
    public static readonly string[] WithoutRowId =
    [
        nameof(PortalDbContext.Timeline), nameof(PortalDbContext.Feed), nameof(PortalDbContext.LedgerEntries), nameof(PortalDbContext.ChainHeads),
        nameof(PortalDbContext.OrderTallies),
    ];

    private HashSet<(string Table, string Column)> _idsAsText = [];

    /// <summary>
    /// Applies what is pending, each migration whole or not at all: EF would switch foreign keys off and on between transactions, and a
    /// process killed there would leave a schema that neither version can begin with.
    /// </summary>
    public static async Task MigrateAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        ((SqliteConnection)db.Database.GetDbConnection()).CreateFunction<string?, string, byte[]?>(IdOfText.Function, IdOfText.Convert, isDeterministic: true);
        await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys=OFF", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys=ON", cancellationToken);
        await db.Database.CloseConnectionAsync();
    }

    public override IReadOnlyList<MigrationCommand> Generate(
        IReadOnlyList<MigrationOperation> operations, IModel? model = null, MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default)
    {
        _idsAsText = IdOfText.ColumnsOf(operations);
        return [.. base.Generate(operations, model, options).Where(command => !command.CommandText.StartsWith("PRAGMA foreign_keys", StringComparison.Ordinal))];
    }

    /// <summary>EF copies a table's rows by such an operation of its own.</summary>
    protected override void Generate(SqlOperation operation, IModel? model, MigrationCommandListBuilder builder)
    {
        operation.Sql = IdOfText.Converting(operation.Sql, _idsAsText);
        base.Generate(operation, model, builder);
    }

    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        // EF rebuilds a table under a name that ends with its own.
        var isWithout = WithoutRowId.Any(name => operation.Name == name || operation.Name == $"ef_temp_{name}");
        base.Generate(operation, model, builder, terminate && !isWithout);
        if (isWithout)
        {
            builder.Append(" WITHOUT ROWID");
            if (terminate)
            {
                builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
                EndStatement(builder);
            }
        }
    }
}
