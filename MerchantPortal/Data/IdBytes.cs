using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MerchantPortal.Data;

/// <summary>
/// Ids as SQLite keeps them: 16 bytes, less than half of their text. The first byte first (RFC 9562), so that they sort as their text does,
/// those of version 7 by time.
/// </summary>
internal static class IdBytes
{
    public const int Length = 16;

    public static byte[] Of(Guid id) => id.ToByteArray(bigEndian: true);

    /// <returns>One after the other.</returns>
    public static byte[] Of(IReadOnlyCollection<Guid> ids) => [.. ids.SelectMany(Of)];

    /// <summary>For a command that does not pass through the model's mappings.</summary>
    public static object Argument(PortalDbContext db, Guid id) => db is SqlitePortalDbContext ? Of(id) : id;

    /// <exception cref="InvalidDataException">Something else stands in the column.</exception>
    public static Guid Read(byte[] bytes) =>
        bytes.Length == Length ? new Guid(bytes, bigEndian: true) : throw new InvalidDataException($"A column of ids holds {bytes.Length} bytes instead of {Length}; see the verb check.");
}

/// <inheritdoc cref="IdBytes"/>
public sealed class IdBytesConverter() : ValueConverter<Guid, byte[]>(id => IdBytes.Of(id), bytes => IdBytes.Read(bytes));
