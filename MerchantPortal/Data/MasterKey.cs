using System.Security.Cryptography;

namespace MerchantPortal.Data;

/// <summary>The 32 bytes that wrap stored secrets: <c>Portal:DataProtectionKey</c>, or a file in the data folder in Development.</summary>
public sealed class MasterKey
{
    private const string OthersKey = "Portal:OtherDataProtectionKeys";

    public MasterKey(IConfiguration configuration, IHostEnvironment environment)
    {
        var text = configuration["Portal:DataProtectionKey"];
        if (string.IsNullOrEmpty(text))
        {
            if (!environment.IsDevelopment())
            {
                throw new InvalidOperationException(
                    "Portal:DataProtectionKey is required outside Development: 32 random bytes in base64, e.g. from `openssl rand -base64 32`. Keep it apart from the database.");
            }

            text = ReadOrMake(Path.Combine(DataFolder.Of(environment), "master.key"));
        }

        Bytes = Read(text, "Portal:DataProtectionKey");
        Others = [.. (configuration[OthersKey] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(other => Read(other, OthersKey))];
    }

    internal byte[] Bytes { get; }

    /// <summary>Open what they have sealed, and seal nothing: those before this one, or the next one while some instances have it already.</summary>
    internal IReadOnlyList<byte[]> Others { get; }

    private static byte[] Read(string text, string setting)
    {
        var bytes = new byte[32];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == 32
            ? bytes
            : throw new InvalidOperationException($"{setting} must be exactly 32 bytes in base64.");
    }

    private static string ReadOrMake(string path)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
        return text;
    }
}
