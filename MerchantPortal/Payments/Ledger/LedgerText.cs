namespace MerchantPortal.Payments.Ledger;

/// <summary>Marks the texts of the books.</summary>
public sealed class LedgerText;
