using System.Diagnostics;
using System.Text.Json;
using MerchantPortal.Accounts;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MerchantPortal.Audit;

/// <summary>Writes privileged acts into the trail, in the commit of the act.</summary>
internal static partial class AuditTrail
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Locks the store's chain until the caller's transaction ends.</summary>
    public static async Task AuditAsync(this PortalDbContext db, Actor actor, AuditAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = await HashChain.LockAsync(db, actor.StoreId, AuditEntry.Chain, cancellationToken);
        var entry = new AuditEntry
        {
            StoreId = actor.StoreId,
            Number = end.Number + 1,
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = act.Action,
            Target = act.Target,
            BeforeJson = JsonSerializer.Serialize(act.Before ?? Nothing),
            AfterJson = JsonSerializer.Serialize(act.After ?? Nothing),
            Reason = act.Reason,
            CorrelationId = Activity.Current?.TraceId.ToString(),
        }.After(end.Hash);
        db.AuditEntries.Add(entry);
        await HashChain.Advance(new StatementBatch(db), actor.StoreId, AuditEntry.Chain, new ChainEnd(entry.Number, entry.Hash)).RunAsync(cancellationToken);
        Log.Recording(db.GetService<ILoggerFactory>().CreateLogger("MerchantPortal.Audit"), entry.Number, entry.Action, entry.ActorKind, entry.ActorId, entry.CorrelationId);
    }

    /// <summary>Names of people and objects stand in the trail only.</summary>
    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "Audit entry {Number}: {Action} by {ActorKind} {ActorId}, correlation {CorrelationId}")]
        public static partial void Recording(ILogger logger, long number, string action, ActorKind actorKind, string actorId, string? correlationId);
    }
}

/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Target">What it was done to, as people name it.</param>
/// <param name="Before">Text values as they were, never a secret; null for something new.</param>
/// <param name="After">Text values as they are now, never a secret; null for something that ended.</param>
/// <param name="Reason">Null where none is asked.</param>
public sealed record AuditAct(
    string Action, string Target, Dictionary<string, string>? Before = null, Dictionary<string, string>? After = null, string? Reason = null)
{
    /// <summary>A change of something that stays: only the values that differ.</summary>
    public static AuditAct Change(string action, string target, Dictionary<string, string> before, Dictionary<string, string> after) => new(
        action, target, Without(before, after), Without(after, before));

    private static Dictionary<string, string> Without(Dictionary<string, string> values, Dictionary<string, string> others) =>
        values.Where(value => !others.TryGetValue(value.Key, out var other) || other != value.Value).ToDictionary();
}
