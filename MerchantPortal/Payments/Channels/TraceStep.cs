namespace MerchantPortal.Payments.Channels;

/// <summary>
/// One step of the way from bytes to effect, as the admin reads it. Values are safe to show: the code that writes a step masks
/// secrets and payer ids by what they are (<see cref="Mask"/>), it never relies on a pattern finding them later.
/// </summary>
/// <param name="Step">One of <see cref="TraceSteps"/>.</param>
/// <param name="Detail">One plain English sentence, or a reason code.</param>
/// <param name="Values">Name → value shown beside the step; null when there are none.</param>
public sealed record TraceStep(string Step, bool Ok, string Detail, IReadOnlyDictionary<string, string>? Values = null);

/// <summary>The steps, in the order in which they are taken.</summary>
public static class TraceSteps
{
    public const string Received = "received";
    public const string Headers = "headers";
    public const string KeyChosen = "key_chosen";
    public const string Freshness = "freshness";
    public const string SignedText = "signed_text";
    public const string Signature = "signature";
    public const string Diagnosis = "diagnosis";
    public const string Decrypt = "decrypt";
    public const string Parse = "parse";
    public const string Confirmed = "confirmed";
    public const string Order = "order";
    public const string Amount = "amount";
    public const string Currency = "currency";
    public const string App = "app";
    public const string Merchant = "merchant";
    public const string StateRule = "state_rule";
    public const string Effect = "effect";
}
