using Microsoft.Extensions.Options;

namespace MerchantPortal.Sandbox;

/// <summary>Section <c>Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>On by default in Development, off elsewhere, refused in Production.</summary>
    public bool Enabled { get; set; }
}

internal sealed class ValidateSandboxOptions(IHostEnvironment environment) : IValidateOptions<SandboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SandboxOptions options) => options.Enabled && environment.IsProduction()
        ? ValidateOptionsResult.Fail("Sandbox:Enabled must be false in Production: whoever reaches the sandbox can mark test orders as paid.")
        : ValidateOptionsResult.Success;
}
