namespace MerchantPortal.Shell;

/// <summary>
/// Endpoint metadata: this endpoint sets its own Content-Security-Policy (and its own framing and caching rules); the console's
/// are not sent.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OwnContentPolicyAttribute : Attribute;
