using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Accounts;

/// <summary>
/// The right to create the owner: 256 random bits, told once on the server's console. Only its hash is kept, in memory, so a
/// restart makes a new one.
/// </summary>
public sealed class SetupToken
{
    private byte[]? _hash;

    /// <returns>The token; an earlier one is void from now on.</returns>
    public string Issue()
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Volatile.Write(ref _hash, Hash(token));
        return token;
    }

    public bool Matches(string? token) =>
        Volatile.Read(ref _hash) is { } hash && token is { Length: > 0 and < 100 } && CryptographicOperations.FixedTimeEquals(hash, Hash(token));

    /// <summary>There is an owner now.</summary>
    public void Revoke() => Volatile.Write(ref _hash, null);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
