using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Data;

/// <summary>
/// Named leases of background jobs. Taking one raises its epoch; every write of the job names the epoch, so that an instance that was
/// paused and wakes up too late is refused. When a lease ends the database's clock says, whatever the instances' own clocks are.
/// </summary>
public sealed class Leases(PortalWriter writer, TimeProvider time)
{
    private readonly Guid _instance = Guid.NewGuid();

    /// <summary>Takes the lease, or keeps it longer when this instance has it already.</summary>
    /// <returns>Null when another instance holds it.</returns>
    public Task<HeldLease?> TryTakeAsync(string name, TimeSpan duration, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            var now = await db.NowAsync(time, ct);
            var lease = await db.Leases.SingleOrDefaultAsync(row => row.Name == name, ct) ?? db.Leases.Add(new Lease { Name = name }).Entity;
            // One that runs much longer than anybody takes it for was written before the clock was set back. Its owner may be gone for good;
            // where he is not, his writes are refused.
            if (lease.Owner is { } owner && owner != _instance && lease.Until > now && lease.Until <= now + (2 * duration))
            {
                return null;
            }

            if (lease.Owner != _instance || lease.Until <= now)
            {
                lease.Epoch++;
            }

            (lease.Owner, lease.Until) = (_instance, now + duration);
            return new HeldLease(name, lease.Epoch);
        },
        cancellationToken);

    /// <summary>Lets another instance take over at once.</summary>
    public Task ReleaseAsync(HeldLease held, CancellationToken cancellationToken) => writer.WriteAsync(
        async (db, ct) =>
        {
            if (await db.Leases.SingleOrDefaultAsync(row => row.Name == held.Name && row.Epoch == held.Epoch, ct) is { } lease)
            {
                lease.Owner = null;
            }

            return true;
        },
        cancellationToken);
}

/// <param name="Epoch">The fencing token.</param>
public sealed record HeldLease(string Name, long Epoch)
{
    /// <summary>To be called first in every write of the job. Locks the lease, so that it cannot change hands before the commit.</summary>
    /// <exception cref="LeaseLostException">Another instance has taken the job over; nothing may be written.</exception>
    public async Task RequireAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.Database.ExecuteSqlAsync(
            $"""UPDATE "Leases" SET "Epoch" = "Epoch" WHERE "Name" = {Name} AND "Epoch" = {Epoch} AND "Owner" IS NOT NULL""", cancellationToken);
        if (rows == 0)
        {
            throw new LeaseLostException(Name);
        }
    }
}

/// <summary>The job is somebody else's by now.</summary>
public sealed class LeaseLostException(string name) : Exception($"The lease '{name}' is held by another instance.");
