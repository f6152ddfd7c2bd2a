namespace MerchantPortal.Shell;

/// <summary>What this installation is: with the sandbox (nothing is real money) or for live business only.</summary>
public sealed class PortalSurroundings(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Default: on in Development, off elsewhere.</summary>
    public bool SandboxEnabled { get; } = configuration.GetValue<bool?>("Sandbox:Enabled") ?? environment.IsDevelopment();
}
