using MerchantPortal.Data;

namespace MerchantPortal.Operations.Checks;

/// <summary>Something that must hold in the database whatever happened before: after a crash, a flood, a restore.</summary>
public interface IInvariant
{
    /// <summary>Stable short name, e.g. <c>I3</c>.</summary>
    string Id { get; }

    /// <summary>What holds, in one sentence.</summary>
    string Statement { get; }

    /// <returns>One line per row that breaks it; none when it holds.</returns>
    IAsyncEnumerable<string> FindBreachesAsync(PortalDbContext db, CancellationToken cancellationToken);
}

/// <param name="Breaches">Number of rows that break the invariant.</param>
/// <param name="First">The first of them; null when there is none.</param>
public sealed record InvariantVerdict(string Id, string Statement, int Breaches, string? First)
{
    public bool Holds => Breaches == 0;

    public override string ToString() => Holds
        ? $"{Id} ok {Statement}"
        : $"{Id} BREACH {Statement}: {Breaches} rows, first: {First}";
}
