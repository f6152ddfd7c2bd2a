namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>What came back from a call.</summary>
internal abstract record WeChatPayV3Answer
{
    /// <summary>A success that the gateway signed.</summary>
    internal sealed record Signed(int Status, byte[] Body) : WeChatPayV3Answer;

    /// <summary>A refusal in the gateway's own form. It is not always signed.</summary>
    internal sealed record Refused(int Status, string Code, string Message) : WeChatPayV3Answer
    {
        /// <summary>The gateway did not say no; it could not say anything.</summary>
        internal bool IsTransient => Status is 429 or >= 500 || Code is "SYSTEM_ERROR" or "SYSTEMERROR" or "BANK_ERROR" or "BANKERROR" or "FREQUENCY_LIMITED" or "RATELIMIT_EXCEEDED";

        internal string Summary => $"{Status} {Code}: {Message}";
    }

    /// <summary>Cannot tell what happened.</summary>
    internal sealed record Unknown(string Reason) : WeChatPayV3Answer
    {
        /// <summary>The signature was the gateway's own test of us: ask again.</summary>
        internal bool Probe { get; init; }

        /// <summary>Signed by a key that the account does not have, or not yet.</summary>
        internal bool KeyIsMissing { get; init; }
    }
}
