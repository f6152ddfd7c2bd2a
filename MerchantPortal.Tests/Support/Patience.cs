using System.Runtime.CompilerServices;
using Bunit;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// How long a test waits for what must happen: as much as a slow, busy machine may need for one step. A wait ends when the thing
/// happens, so this costs time only where something is broken. It is never a measure of how fast the product is.
/// </summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ModuleInitializer]
    internal static void Initialize() => BunitContext.DefaultWaitTimeout = Limit;
}
