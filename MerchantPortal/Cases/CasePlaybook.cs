namespace MerchantPortal.Cases;

/// <summary>What can be done about each kind of case, the suggested way first. Giving money back goes through a refund, which ends the case by itself.</summary>
public static class CasePlaybook
{
    /// <summary>How a person may end a case of the kind; empty where it ends elsewhere.</summary>
    public static IReadOnlyList<CaseResolution> Resolutions(CaseKind kind) => kind switch
    {
        CaseKind.LateMoney => [CaseResolution.Fulfilled, CaseResolution.Held, CaseResolution.Refunded],
        CaseKind.DuplicateMoney => [CaseResolution.Refunded, CaseResolution.Held, CaseResolution.Explained],
        CaseKind.ShortMoney => [CaseResolution.Held, CaseResolution.Refunded, CaseResolution.Fulfilled, CaseResolution.Explained],
        CaseKind.OverMoney => [CaseResolution.Held, CaseResolution.Refunded, CaseResolution.Fulfilled, CaseResolution.Explained],
        CaseKind.UnknownOrder => [CaseResolution.Explained, CaseResolution.Refunded],
        CaseKind.DeadCallback => [CaseResolution.Explained],
        CaseKind.Contradiction => [CaseResolution.Explained, CaseResolution.Held],
        CaseKind.WitnessesDisagree => [CaseResolution.Explained, CaseResolution.Held],
        CaseKind.RefundFailed => [CaseResolution.Refunded, CaseResolution.Explained],
        // Ends with its difference, which the reconciliation resolves.
        CaseKind.BillDifference => [],
        CaseKind.AccountBroken => [CaseResolution.Explained],
    };
}
