using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace MerchantPortal.Data;

/// <summary>Older versions kept ids as text in SQLite. What copies a table's rows into its new form makes bytes of them: each table is written once.</summary>
internal static partial class IdOfText
{
    /// <summary>SQLite 3.35 cannot do it by itself.</summary>
    public const string Function = "id_of_text";

    /// <param name="text">An id with hyphens; null for nothing.</param>
    /// <param name="place">Table and column.</param>
    /// <exception cref="FormatException">It is no id: the migration fails, and the database stays as it was.</exception>
    public static byte[]? Convert(string? text, string place) => text is null ? null
        : Guid.TryParseExact(text, "D", out var id) ? IdBytes.Of(id)
        : throw new FormatException($"{place} holds '{text}', which is no id. The database is left as it was; see to this row and start again.");

    /// <returns>The columns whose ids cease to be text.</returns>
    public static HashSet<(string Table, string Column)> ColumnsOf(IEnumerable<MigrationOperation> operations) =>
    [
        .. operations.OfType<AlterColumnOperation>().Where(operation => operation.ClrType == typeof(byte[]) && operation.OldColumn.ClrType == typeof(Guid))
            .Select(operation => (operation.Table, operation.Name)),
    ];

    /// <returns>The statement with these columns converted, where it copies a table; as it is otherwise.</returns>
    public static string Converting(string sql, HashSet<(string Table, string Column)> ids)
    {
        if (Copy().Match(sql) is not { Success: true } copy)
        {
            return sql;
        }

        var (values, table) = (copy.Groups["values"], copy.Groups["table"].Value);
        var converted = Name().Replace(values.Value, name => ids.Contains((table, name.Groups["column"].Value)) ? $"{Function}({name.Value}, '{table}.{name.Groups["column"].Value}')" : name.Value);
        return string.Concat(sql.AsSpan(0, values.Index), converted, sql.AsSpan(values.Index + values.Length));
    }

    [GeneratedRegex("^INSERT INTO \"ef_temp_(?<table>\\w+)\" \\([^)]*\\)\\s+SELECT (?<values>.*?)\\s+FROM \"\\k<table>\";", RegexOptions.Singleline)]
    private static partial Regex Copy();

    [GeneratedRegex("\"(?<column>\\w+)\"")]
    private static partial Regex Name();
}
