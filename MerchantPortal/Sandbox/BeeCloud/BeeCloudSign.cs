using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Sandbox.BeeCloud;

/// <summary>The gateway's own reading of its digests.</summary>
internal static class BeeCloudSign
{
#pragma warning disable CA5351 // The protocol knows no other digest.
    /// <summary>MD5 of the parts glued together, lower-case hex.</summary>
    public static string Of(params ReadOnlySpan<string> parts) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5351
}
