using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// Asks the database how it is going to find the rows, for every query that a call sends. PostgreSQL chooses by what a way costs, and of a small
/// table it would read anything: there it is told that a row read or compared is dear and a page costs nothing, as if there were many rows.
/// </summary>
internal static class QueryPlans
{
    private const string Dear = "SET seq_page_cost = 0; SET random_page_cost = 0; SET cpu_tuple_cost = 10; SET cpu_index_tuple_cost = 10; SET cpu_operator_cost = 0.01; SET enable_bitmapscan = off; SET enable_seqscan = off";

    private static readonly AsyncLocal<List<QueryPlan>?> Asked = new();

    /// <returns>The plans of the queries that the call sent, in their order.</returns>
    public static async Task<IReadOnlyList<QueryPlan>> OfAsync(Func<Task> call)
    {
        using var listening = new EfCommands(sent => Asked.Value?.Add(new QueryPlan(sent.Command.CommandText, Explain(sent.Command))));
        var plans = new List<QueryPlan>();
        Asked.Value = plans;
        await call();
        Asked.Value = null;
        return plans;
    }

    private static List<string> Explain(DbCommand query)
    {
        if (query is SqliteCommand)
        {
            return Read(query, "EXPLAIN QUERY PLAN ", column: 3);
        }

        Execute(query.Connection, Dear);
        var plan = Read(query, "EXPLAIN (COSTS OFF) ", column: 0);
        Execute(query.Connection, "RESET ALL");
        return plan;
    }

    private static List<string> Read(DbCommand query, string explain, int column)
    {
        using var command = (query.Connection ?? throw new InvalidOperationException()).CreateCommand();
        command.CommandText = explain + query.CommandText;
        command.Transaction = query.Transaction;
        foreach (DbParameter given in query.Parameters)
        {
            command.Parameters.Add(Copy(given, command));
        }

        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(column));
        }

        return lines;
    }

    private static DbParameter Copy(DbParameter given, DbCommand command)
    {
        if (given is ICloneable cloneable)
        {
            return (DbParameter)cloneable.Clone();
        }

        var copy = command.CreateParameter();
        (copy.ParameterName, copy.Value) = (given.ParameterName, given.Value);
        return copy;
    }

    private static void Execute(DbConnection? connection, string text)
    {
        using var command = (connection ?? throw new InvalidOperationException()).CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}

/// <summary>A query and the steps by which the database finds its rows, as it tells them.</summary>
internal sealed partial record QueryPlan(string Query, IReadOnlyList<string> Steps)
{
    /// <summary>A store has a few rows of these, whatever its history.</summary>
    private static readonly string[] Small = ["ChannelAccounts", "PlatformKeys", "Stores", "json_each"];

    /// <summary>Hold only the few callbacks that belong to no order, and the orders that are open now.</summary>
    private static readonly string[] Short = ["IX_Inbox_ChannelAccountId_BodyHash", "IX_Orders_ExpiresAt"];

    /// <summary>Few rows have the same value.</summary>
    private static readonly string[] Selective = ["Id", "OrderId", "CaptureId", "PaymentId", "MovementId"];

    /// <summary>What is read of the tables that grow. Asked for an empty list of ids, the database reads none.</summary>
    public IEnumerable<TableRead> Reads => Nothing().IsMatch(ToString()) ? [] : AllReads().Where(read => !Small.Contains(read.Table) && !Short.Contains(read.Index));

    /// <summary>More is sorted than the few rows of an order, or those that a limit has left.</summary>
    public bool Sorts => (Steps.Take(Limited()).Any(step => step.Contains("USE TEMP B-TREE", StringComparison.Ordinal))
            || Steps.Skip(Limited()).Any(step => SortNode().IsMatch(step)))
        && Reads.Any(read => !read.Equal.Intersect(Selective).Any());

    public override string ToString() => $"{Query}\n  {string.Join("\n  ", Steps)}\n";

    /// <summary>
    /// Where a limited query within the query ends, in SQLite's steps, and begins, in PostgreSQL's: the one tells first what is done first, the
    /// other last.
    /// </summary>
    private int Limited() => Steps.Any(step => step.StartsWith("SCAN SUBQUERY", StringComparison.Ordinal))
        ? Steps.Index().First(step => step.Item.StartsWith("SCAN SUBQUERY", StringComparison.Ordinal)).Index
        : Steps.Any(step => LimitNode().IsMatch(step)) ? Steps.Index().Last(step => LimitNode().IsMatch(step.Item)).Index
        : IsOfPostgres ? 0 : Steps.Count;

    private bool IsOfPostgres => Steps.Any(step => PostgresRead().IsMatch(step));

    private IEnumerable<TableRead> AllReads()
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (SqliteRead().Match(Steps[i]) is { Success: true } sqlite)
            {
                yield return TableRead.Of(sqlite.Groups["table"].Value, sqlite.Groups["index"].Value, sqlite.Groups["condition"].Value);
            }
            else if (PostgresRead().Match(Steps[i]) is { Success: true } postgres)
            {
                var condition = i + 1 < Steps.Count && Steps[i + 1].Contains("Index Cond: ", StringComparison.Ordinal) ? Steps[i + 1] : "";
                yield return TableRead.Of(postgres.Groups["table"].Value, postgres.Groups["index"].Value, condition);
            }
        }
    }

    [GeneratedRegex(@"^(SEARCH|SCAN) (TABLE )?(?!SUBQUERY|CONSTANT)(?<table>\w+)( AS \w+)?( USING (COVERING )?(INDEX )?(?<index>\w+)[^(]*(\((?<condition>.*)\))?)?")]
    private static partial Regex SqliteRead();

    [GeneratedRegex(@"WHERE (0|FALSE)\b|= ANY \('\{\}'")]
    private static partial Regex Nothing();

    [GeneratedRegex("(Seq|Index|Only|Heap) Scan( Backward)?( using \"(?<index>\\w+)\")? on \"?(?<table>\\w+)\"?")]
    private static partial Regex PostgresRead();

    [GeneratedRegex(@"^\s*(-> +)?(Incremental )?Sort\b")]
    private static partial Regex SortNode();

    [GeneratedRegex(@"^\s*(-> +)?Limit\b")]
    private static partial Regex LimitNode();
}

/// <summary>How rows of a table are found.</summary>
/// <param name="Equal">Columns of the index whose value is given.</param>
/// <param name="Ranged">Columns of the index of which a span is read.</param>
internal sealed partial record TableRead(string Table, string Index, IReadOnlyList<string> Equal, IReadOnlyList<string> Ranged)
{
    /// <summary>All its rows are read.</summary>
    public bool IsScan => Equal.Count == 0 && Ranged.Count == 0;

    /// <summary>All rows of a store or account are read, unless there is a limit.</summary>
    public bool IsWide => Ranged.Count == 0 && Equal.All(column => column is "StoreId" or "ChannelAccountId");

    public static TableRead Of(string table, string index, string condition) => new(
        table,
        index,
        [.. Compared().Matches(condition).Where(match => match.Groups["how"].Value is "=" or "IS NULL").Select(match => match.Groups["column"].Value)],
        [.. Compared().Matches(condition).Where(match => match.Groups["how"].Value is not ("=" or "IS NULL")).Select(match => match.Groups["column"].Value)]);

    [GeneratedRegex("\"?(?<column>[A-Z]\\w+)\"?(\\)?::\\w+)? ?(?<how>[<>=]+|IS NULL)")]
    private static partial Regex Compared();
}
