namespace MerchantPortal.Data;

/// <summary>Where a stand-alone portal keeps what must survive a restart: <c>data/</c> beside the program, git-ignored.</summary>
public static class DataFolder
{
    /// <returns>The folder's full path; it exists and, on Unix, is the owner's alone.</returns>
    public static string Of(IHostEnvironment environment)
    {
        var path = Path.Combine(environment.ContentRootPath, "data");
        if (!Directory.Exists(path))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return path;
    }
}
