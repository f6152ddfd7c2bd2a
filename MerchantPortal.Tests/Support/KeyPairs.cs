using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MerchantPortal.Tests.Support;

/// <summary>
/// Key pairs for one portal's sandbox, each different, in the order they are asked for. Made once in a run, because each takes longer
/// than most tests: the next portal gets the same.
/// </summary>
internal sealed class KeyPairs
{
    private static readonly ConcurrentDictionary<int, Lazy<RSAParameters>> Made = new();

    private int _given;

    public RSA Next() => RSA.Create(Made.GetOrAdd(Interlocked.Increment(ref _given), _ => new(Make)).Value);

    private static RSAParameters Make()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportParameters(includePrivateParameters: true);
    }
}
