namespace MerchantPortal.Payments.Reconciliation;

/// <summary>
/// Names the texts about bills. Every <see cref="DifferenceKind"/> has three: its name (<c>Kind_</c>), what it means (<c>Means_</c>), what to do next
/// (<c>Next_</c>).
/// </summary>
public sealed class ReconciliationText;
