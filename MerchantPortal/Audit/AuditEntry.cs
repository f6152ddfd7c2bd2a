using System.Globalization;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;

namespace MerchantPortal.Audit;

/// <summary>
/// One privileged act: who, what, on what, before and after, why. Written in the commit of the act, never changed (triggers refuse it),
/// hash-chained per store. Never holds a secret or a payer id.
/// </summary>
public sealed class AuditEntry
{
    /// <summary>The name of the chain of each store.</summary>
    internal const string Chain = "audit";

    public required Guid StoreId { get; init; }

    /// <summary>1, 2, 3 … per store.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    /// <summary>User id or API key id; empty for the portal itself.</summary>
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, as people name it: an order's number, an account's name.</summary>
    public required string Target { get; init; }

    /// <summary>JSON object of text values as they were; <c>{}</c> for something new.</summary>
    public required string BeforeJson { get; init; }

    /// <summary>JSON object of text values as they are now; <c>{}</c> for something that ended.</summary>
    public required string AfterJson { get; init; }

    /// <summary>What the person gave as the reason; null where none is asked.</summary>
    public string? Reason { get; init; }

    /// <summary>Ties the act to its request in the log; null outside of one.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>SHA-256 over the hash before it and <see cref="Content"/>.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>What the hash covers. Its form never changes: older rows are checked by it.</summary>
    public string Content() => Compose(
    [
        StoreId.ToString("N"), Number.ToString(CultureInfo.InvariantCulture), At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        ActorKind.ToString(), ActorId, ActorName, Action, Target, BeforeJson, AfterJson, Reason, CorrelationId,
    ]);

    /// <summary>A JSON array: free text cannot slip from one field into the next.</summary>
    internal static string Compose(string?[] values) => JsonSerializer.Serialize(values);

    internal AuditEntry After(byte[] previous)
    {
        Hash = HashChain.Next(previous, Content());
        return this;
    }
}
