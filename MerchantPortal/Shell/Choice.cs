namespace MerchantPortal.Shell;

/// <summary>One entry of something to choose from.</summary>
/// <param name="Text">What is shown and searched.</param>
/// <param name="Detail">Quieter, beside the text; null when there is nothing to add.</param>
/// <param name="IsDisabled">Shown, but cannot be chosen.</param>
public sealed record Choice<TValue>(TValue Value, string Text, string? Detail = null, bool IsDisabled = false);
