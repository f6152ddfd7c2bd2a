using MerchantPortal.Data;
using MerchantPortal.Payments.Channels;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Payments.Notifications;

/// <summary>Proves the bytes of a stored capture once more, by their time of arrival and with the keys of today.</summary>
public sealed class ProveCapture(IDbContextFactory<PortalDbContext> contexts, PaymentChannels channels, ProveNotification prove)
{
    /// <returns>Null when the store has no such capture.</returns>
    internal async Task<ProvenCapture?> ExecuteAsync(Guid captureId, Guid storeId, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        if (await CaptureStore.FindAsync(db, captureId, storeId, cancellationToken) is not { } capture
            || await channels.FindAsync(capture.ChannelAccountId, cancellationToken) is not { } account)
        {
            return null;
        }

        var proof = await prove.ExecuteAsync(account, capture.ToRaw(), (capture as InboxEntry)?.ConfirmedAt, isArrival: false, cancellationToken);
        return new ProvenCapture(account, proof);
    }
}

/// <summary>A stored capture's account, and what its bytes prove.</summary>
internal sealed record ProvenCapture(OpenAccount Account, Proof Proof);
