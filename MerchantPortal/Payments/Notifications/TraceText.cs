namespace MerchantPortal.Payments.Notifications;

/// <summary>
/// The sentences of a trace in the reader's language, found by the English sentence itself: channels write one plain sentence and
/// know nothing of languages. A sentence with values in it stays as it was written.
/// </summary>
public sealed class TraceText;
