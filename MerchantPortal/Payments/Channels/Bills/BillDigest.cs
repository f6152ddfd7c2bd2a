using System.Security.Cryptography;
using System.Text;

namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>SHA-256 over what the lines of a bill say, cell by cell.</summary>
internal sealed class BillDigest : IDisposable
{
    // Cannot stand in a cell, so that two different lines never read as one.
    private const char CellEnd = '\u001F';

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal void Add(IReadOnlyList<string> cells) => _hash.AppendData(Encoding.UTF8.GetBytes(string.Join(CellEnd, cells) + "\n"));

    internal string Hex() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
