using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MerchantPortal.Data;
using MerchantPortal.Payments.Notifications;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations.Checks;

/// <summary>The stored bytes of each capture are the ones that arrived: their hash was taken on arrival.</summary>
internal sealed class CaptureBytes : IInvariant
{
    public string Id => "I1";

    public string Statement => "the bytes of every capture are as they arrived";

    public async IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stored = Rows(db.Inbox).Concat(Rows(db.RejectedCaptures));
        await foreach (var row in stored.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!SHA256.HashData(row.Body).AsSpan().SequenceEqual(row.Hash))
            {
                yield return $"capture {row.Id}: {row.Body.Length} bytes, another hash than on arrival";
            }
        }
    }

    private static IQueryable<Row> Rows<T>(DbSet<T> captures)
        where T : Capture => captures.Select(row => new Row { Id = row.Id, Body = row.Body, Hash = row.BodyHash });

    private sealed class Row
    {
        public required Guid Id { get; init; }

        public required byte[] Body { get; init; }

        public required byte[] Hash { get; init; }
    }
}
