namespace MerchantPortal.Payments.Channels;

/// <summary>What was found out about a refused signature. It explains; it never proves.</summary>
/// <param name="Code">Stable name of the cause.</param>
/// <param name="Sentence">What happened and what to do.</param>
internal sealed record Finding(string Code, string Sentence)
{
    public static Finding Unexplained { get; } = new("unexplained", "No usual mistake explains it: forged, altered on the way, or another key.");
}

/// <summary>One usual mistake: the text that a signer who made it has signed.</summary>
internal sealed record UsualMistake(byte[] Text, Finding Finding);
