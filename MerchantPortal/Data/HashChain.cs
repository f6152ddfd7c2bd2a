using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Data;

/// <summary>
/// Chains of records that nobody can change unnoticed: each record's hash covers its own content and the hash before it. The newest
/// hash of each chain is kept apart, under a row lock that also orders the writers.
/// </summary>
internal static class HashChain
{
    /// <summary>The hash before the first record: chains of different stores and names never continue each other.</summary>
    public static byte[] Start(Guid storeId, string chain) => SHA256.HashData(Encoding.UTF8.GetBytes($"{storeId:N}|{chain}"));

    /// <param name="content">Everything that the record says, in one fixed text form.</param>
    public static byte[] Next(ReadOnlySpan<byte> previous, string content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(Encoding.UTF8.GetBytes(content));
        return hash.GetHashAndReset();
    }

    /// <summary>Locks the chain's end until the caller's transaction ends, and tells it.</summary>
    public static async Task<ChainEnd> LockAsync(PortalDbContext db, Guid storeId, string chain, CancellationToken cancellationToken)
    {
        ChainEnd? locked = null;
        await Lock(new StatementBatch(db), storeId, chain, end => locked = end).RunAsync(cancellationToken);
        return locked ?? throw new InvalidOperationException("The database did not tell the chain's end.");
    }

    /// <inheritdoc cref="LockAsync"/>
    public static StatementBatch Lock(StatementBatch batch, Guid storeId, string chain, Action<ChainEnd> told) => batch.Add(
        $"""
        INSERT INTO "ChainHeads" ("StoreId", "Chain", "Number", "Hash") VALUES ({storeId}, {chain}, 0, {Start(storeId, chain)})
        ON CONFLICT ("StoreId", "Chain") DO UPDATE SET "Number" = "ChainHeads"."Number" RETURNING "Number", "Hash"
        """,
        row => told(new ChainEnd(row.GetInt64(0), row.GetFieldValue<byte[]>(1))));

    /// <summary>Moves the end of a locked chain.</summary>
    public static StatementBatch Advance(StatementBatch batch, Guid storeId, string chain, ChainEnd end) => batch.Add(
        $"""UPDATE "ChainHeads" SET "Number" = {end.Number}, "Hash" = {end.Hash} WHERE "StoreId" = {storeId} AND "Chain" = {chain}""");
}

/// <param name="Number">Of the newest record; 0 for an empty chain.</param>
internal sealed record ChainEnd(long Number, byte[] Hash);
