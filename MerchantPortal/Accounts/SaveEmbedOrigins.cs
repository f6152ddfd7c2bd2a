using MerchantPortal.Audit;
using MerchantPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Accounts;

/// <summary>Says which web pages may show the store's checkout inside themselves.</summary>
public sealed class SaveEmbedOrigins(PortalWriter writer, TimeProvider time)
{
    /// <param name="lines">One origin per line; empty when no page may.</param>
    /// <returns>What was saved, or the first line that cannot be.</returns>
    public async Task<EmbedOriginsResult> ExecuteAsync(string? lines, Actor actor, CancellationToken cancellationToken)
    {
        var result = EmbedOrigins.Read(lines);
        if (result is EmbedOriginsResult.Valid(var origins))
        {
            await writer.WriteAsync(
                async (db, ct) =>
                {
                    var store = await db.Stores.SingleAsync(row => row.Id == actor.StoreId, ct);
                    var act = AuditAct.Change(AuditActions.EmbedOriginsChanged, store.Name, Facts(store.EmbedOrigins), Facts(origins));
                    store.EmbedOrigins = origins;
                    await db.AuditAsync(actor, act, time.GetUtcNow(), ct);
                    return true;
                },
                cancellationToken);
        }

        return result;
    }

    private static Dictionary<string, string> Facts(IReadOnlyList<string> origins) => new() { ["origins"] = string.Join(' ', origins) };
}
