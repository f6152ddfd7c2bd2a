using MerchantPortal.Data;
using MerchantPortal.Operations.Checks;
using Microsoft.EntityFrameworkCore;

namespace MerchantPortal.Operations;

/// <summary>Looks at everything that must hold in the configured database. Reads only; a running portal is not disturbed.</summary>
public sealed class InvariantCheck(IDbContextFactory<PortalDbContext> contexts)
{
    private static readonly TimeSpan PerQuery = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<IInvariant> Invariants { get; } =
    [
        new CaptureBytes(),
        MoneyInvariants.PaidOnce,
        MoneyInvariants.OnePaymentPerTransaction,
        LedgerInvariants.Balanced,
        new CombinedInvariant("I5", "orders, payments, refunds and the books come to the same sums",
            MoneyInvariants.AmountsAddUp, LedgerInvariants.PaymentsAreBooked, LedgerInvariants.RefundsAreBooked, LedgerInvariants.BalancesAgree),
        TallyInvariant.TalliesAddUp,
        RecordInvariants.NoStuckCapture,
        RecordInvariants.FeedIsGapless,
        DeliveryInvariants.ReportsEnd,
        RecordInvariants.StoresAreApart,
        new DatabaseIntegrity(),
        AuditInvariants.Complete,
    ];

    /// <returns>One verdict per invariant, in order.</returns>
    public async Task<IReadOnlyList<InvariantVerdict>> RunAsync(CancellationToken cancellationToken)
    {
        var verdicts = new List<InvariantVerdict>();
        foreach (var invariant in Invariants)
        {
            verdicts.Add(await JudgeAsync(invariant, cancellationToken));
        }

        return verdicts;
    }

    private async Task<InvariantVerdict> JudgeAsync(IInvariant invariant, CancellationToken cancellationToken)
    {
        await using var db = contexts.CreateDbContext();
        db.Database.SetCommandTimeout(PerQuery);
        var breaches = 0;
        string? first = null;
        await foreach (var breach in invariant.FindBreachesAsync(db, cancellationToken).WithCancellation(cancellationToken))
        {
            first ??= breach;
            breaches++;
        }

        return new InvariantVerdict(invariant.Id, invariant.Statement, breaches, first);
    }
}
