using MerchantPortal.Data;

namespace MerchantPortal.Payments.Janitor;

/// <summary>The lease of <see cref="PaymentJanitor"/> in this instance: taken when there is work, renewed at a third of its time.</summary>
public sealed class JanitorLease(Leases leases, TimeProvider time)
{
    internal const string Name = "payment-janitor";
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private HeldLease? _held;

    /// <summary>By the time that really passes: a clock that is set back must not keep the job from being asked for.</summary>
    private long? _askedAt;

    /// <returns>Null while another instance holds it.</returns>
    internal async Task<HeldLease?> HoldAsync(CancellationToken cancellationToken)
    {
        if (_askedAt is not { } asked || time.GetElapsedTime(asked) >= Duration / 3)
        {
            var now = time.GetTimestamp();
            _held = await leases.TryTakeAsync(Name, Duration, cancellationToken);
            _askedAt = now;
        }

        return _held;
    }

    /// <summary>A write was refused: the next round asks for the lease anew.</summary>
    internal void Lost() => (_held, _askedAt) = (null, null);

    internal async Task ReleaseAsync()
    {
        if (_held is { } held)
        {
            Lost();
            await leases.ReleaseAsync(held, CancellationToken.None);
        }
    }
}
