namespace MerchantPortal.Shell;

/// <summary>One entry of something to choose from.</summary>
/// <param name="Text">What is shown, read out and searched.</param>
/// <param name="IsDisabled">Shown, but cannot be chosen.</param>
public sealed record Choice<TValue>(TValue Value, string Text, bool IsDisabled = false);
