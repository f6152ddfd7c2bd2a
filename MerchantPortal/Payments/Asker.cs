using MerchantPortal.Accounts;
using MerchantPortal.Data;

namespace MerchantPortal.Payments;

/// <summary>Who has a gateway asked.</summary>
/// <param name="Lease">Of the background job that asks; null for a person, a buyer or an API key. Every write of the job requires it.</param>
internal sealed record Asker(Actor Actor, HeldLease? Lease = null)
{
    /// <exception cref="LeaseLostException">Another instance does the job by now; nothing may be written.</exception>
    public Task RequireAsync(PortalDbContext db, CancellationToken cancellationToken) =>
        Lease is null ? Task.CompletedTask : Lease.RequireAsync(db, cancellationToken);
}
