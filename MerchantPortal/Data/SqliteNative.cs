using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MerchantPortal.Data;

/// <summary>
/// Lets Microsoft.Data.Sqlite 10, which asks for SQLitePCLRaw.core 2.1, bind to the 2.0.6 that is referenced
/// (see <c>.build/EfSqlite.props</c>). Must run before any of its types is touched, hence the module initializer.
/// </summary>
internal static class SqliteNative
{
#pragma warning disable CA2255 // the one application of this attribute that an application needs
    [ModuleInitializer]
    internal static void Initialize()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "SQLitePCLRaw.core"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll"))
            : null;
        SQLitePCL.Batteries_V2.Init();
    }
#pragma warning restore CA2255
}
