namespace MerchantPortal.Sandbox;

/// <summary>Marks the texts of the sandbox's own pages.</summary>
public sealed class SandboxText;
