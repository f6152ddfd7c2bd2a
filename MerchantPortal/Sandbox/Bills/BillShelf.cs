using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MerchantPortal.Sandbox.Bills;

/// <summary>Bills that were asked for, each under an address that nobody can guess, for a short while.</summary>
internal sealed class BillShelf(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (byte[] File, DateTimeOffset Until)> _files = new();

    /// <returns>The name under which it lies.</returns>
    public string Put(byte[] file, TimeSpan stays)
    {
        var now = time.GetUtcNow();
        foreach (var (old, kept) in _files)
        {
            if (kept.Until <= now)
            {
                _files.TryRemove(old, out _);
            }
        }

        var name = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _files[name] = (file, now + stays);
        return name;
    }

    /// <returns>Null when there is no such bill, or it has lain too long.</returns>
    public byte[]? Find(string name) => _files.TryGetValue(name, out var kept) && kept.Until > time.GetUtcNow() ? kept.File : null;
}
