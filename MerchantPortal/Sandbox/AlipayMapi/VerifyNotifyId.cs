using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Trades;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>notify_verify: <c>true</c> for a message that went out less than a minute ago and was not acknowledged yet. Answers with a bare word.</summary>
internal sealed class VerifyNotifyId(SandboxWriter writer, MapiGate gate, SentNotifyIds sent)
{
    public async Task<string> ExecuteAsync(IReadOnlyDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var (partner, notifyId) = (fields.GetValueOrDefault("partner") ?? "", fields.GetValueOrDefault("notify_id") ?? "");
        if (notifyId.Length == 0 || await gate.PartnerAsync(partner, cancellationToken) is null)
        {
            return "invalid";
        }

        await using var db = writer.CreateDbContext();
        var isDone = await db.Deliveries.AnyAsync(row => row.MessageId == notifyId && row.State == DeliveryState.Delivered, cancellationToken);
        return sent.IsAlive(partner, notifyId) && !isDone ? "true" : "false";
    }
}
