namespace MerchantPortal.Data;

/// <summary>Secrets that a feature keeps in its rows, sealed by <see cref="SecretBox"/>.</summary>
internal interface ISealedRows
{
    /// <summary>Seals anew, in the caller's transaction, what another key than the master key has sealed. What no configured key opens stays as it is.</summary>
    Task RenewAsync(PortalDbContext db, SecretBox secrets, CancellationToken cancellationToken);
}
