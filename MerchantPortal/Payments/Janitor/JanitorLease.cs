using MerchantPortal.Data;

namespace MerchantPortal.Payments.Janitor;

/// <summary>The lease of <see cref="PaymentJanitor"/> in this instance: taken when there is work, renewed at a third of its time.</summary>
public sealed class JanitorLease(Leases leases, TimeProvider time)
{
    internal const string Name = "payment-janitor";
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private HeldLease? _held;
    private DateTimeOffset _askAgainAt;

    /// <returns>Null while another instance holds it.</returns>
    internal async Task<HeldLease?> HoldAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now >= _askAgainAt)
        {
            _held = await leases.TryTakeAsync(Name, Duration, cancellationToken);
            _askAgainAt = now + (Duration / 3);
        }

        return _held;
    }

    /// <summary>A write was refused: the next round asks for the lease anew.</summary>
    internal void Lost() => (_held, _askAgainAt) = (null, default);

    internal async Task ReleaseAsync()
    {
        if (_held is { } held)
        {
            Lost();
            await leases.ReleaseAsync(held, CancellationToken.None);
        }
    }
}
