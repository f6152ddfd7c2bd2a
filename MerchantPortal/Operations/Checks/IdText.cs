using System.Text.RegularExpressions;
using MerchantPortal.Data;

namespace MerchantPortal.Operations.Checks;

/// <summary>The one word of checks' SQL that the databases do not share: <c>ID_TEXT(column)</c> is an id's text without hyphens, as the trail has it.</summary>
internal static partial class IdText
{
    public static string In(PortalDbContext db, string sql) =>
        Word().Replace(sql, db is SqlitePortalDbContext ? "LOWER(HEX($1))" : "REPLACE(CAST($1 AS TEXT), '-', '')");

    [GeneratedRegex(@"ID_TEXT\(([^)]+)\)")]
    private static partial Regex Word();
}
