using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MerchantPortal.Tests.Support;

/// <summary>Lets bunit 2.15, which asks for AngleSharp.Diffing 1.1, bind to 0.17 (see <c>.build/Bunit.props</c>).</summary>
internal static class AssemblyResolution
{
    [ModuleInitializer]
    internal static void Initialize() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
        ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
        : null;
}
