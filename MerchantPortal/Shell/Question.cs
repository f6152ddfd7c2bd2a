namespace MerchantPortal.Shell;

/// <summary>What a person is asked before something that is not easily taken back.</summary>
/// <param name="Title">What is about to be done.</param>
/// <param name="Consequence">What will have changed, in one sentence, with amount and counterparty where there are any.</param>
/// <param name="Yes">The verb, not "OK".</param>
/// <param name="No">What is kept, or "Cancel".</param>
public sealed record Question(string Title, string Consequence, string Yes, string No);
