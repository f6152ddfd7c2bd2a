namespace MerchantPortal.Shell;

/// <summary>Names the texts of the frame that every page stands in.</summary>
public sealed class ShellText;
