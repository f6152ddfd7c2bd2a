namespace MerchantPortal.Sandbox.Trades;

/// <summary>WeChat's number of an order that waits for its payer. Made of the trade's code, so that the wallet opens with either.</summary>
internal static class PrepayId
{
    private const string Prefix = "wx";

    public static string Of(SandboxTrade trade) => Prefix + trade.Code;

    /// <returns>The trade's code; the text itself when it is no number of ours.</returns>
    public static string CodeOf(string text) =>
        text.Length == Prefix.Length + SandboxNumbers.CodeLength && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
}
