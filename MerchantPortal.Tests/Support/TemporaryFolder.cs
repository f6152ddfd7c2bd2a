using Microsoft.Data.Sqlite;

namespace MerchantPortal.Tests.Support;

/// <summary>Gone, with all that is in it, when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-test-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
