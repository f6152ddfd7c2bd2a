using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Data;
using MerchantPortal.Operations.Backups;
using MerchantPortal.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MerchantPortal.Tests.Data;

/// <summary>
/// A backup that a portal wrote when SQLite kept ids as text: sales paid, forged and given back, a subscription, a bill with a difference, a
/// closed day, a replay, an owner and an API key. Sealed with the key of <see cref="PortalFactory"/>.
/// </summary>
internal static class OlderVersion
{
    public const string Email = "owner@example.com";
    public const string Password = "a long enough password";
    public const string ApiKey = "mp_an-old-key-of-an-older-version";

    public static async Task UnpackAsync(string file)
    {
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(Repository.Root, "MerchantPortal.Tests/Data/older-version.db.gz")), CompressionMode.Decompress);
        await using var unpacked = File.Create(file);
        await packed.CopyToAsync(unpacked);
    }

    /// <summary>Each table that the file has: its number of rows, and a digest of their values, an id being the same whether it is text or bytes.</summary>
    public static Dictionary<string, string> Facts(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var model = BackupFile.Open(file);
        return TableShape.Of(model).ToDictionary(table => table.Name, table => Facts(connection, table));
    }

    private static string Facts(SqliteConnection connection, TableShape table)
    {
        using var command = new SqliteCommand($"SELECT {table.ColumnList} FROM \"{table.Name}\"", connection);
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(string.Join('|', table.Columns.Select((column, index) => Text(column, reader.GetValue(index)))));
        }

        lines.Sort(StringComparer.Ordinal);
        return $"{lines.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))}";
    }

    private static string? Text(ColumnShape column, object value) => value switch
    {
        string text when column.Type == typeof(Guid) => Guid.TryParse(text, out var id) ? id.ToString() : text,
        byte[] bytes when column.Type == typeof(Guid) => IdBytes.Read(bytes).ToString(),
        byte[] bytes => Convert.ToHexString(bytes),
        _ => value.ToString(),
    };
}
