namespace MerchantPortal.Audit;

/// <summary>What the audit page shows.</summary>
/// <param name="Person">Name of who acted; null for everyone.</param>
/// <param name="Action">One of <see cref="AuditActions"/>; null for all.</param>
/// <param name="Target">A part of what it was done to; null for everything.</param>
/// <param name="From">Null for no earliest moment.</param>
/// <param name="Before">The first moment that is too late; null for none.</param>
public sealed record AuditFilter(string? Person, string? Action, string? Target, DateTimeOffset? From, DateTimeOffset? Before);
