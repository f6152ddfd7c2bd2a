using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using MerchantPortal.Accounts;
using MerchantPortal.Data;

namespace MerchantPortal.Api;

/// <summary>Cursors carry the last id and a tag over store, list and id: one that was made up, or given to another store, is refused.</summary>
internal sealed class ApiCursors(MasterKey master)
{
    private const int IdLength = 16;
    private const int TagLength = 16;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Bytes, 32, info: "merchant-portal/cursor"u8.ToArray());

    public string Write(HttpContext context, Guid lastId)
    {
        Span<byte> bytes = stackalloc byte[IdLength + TagLength];
        lastId.TryWriteBytes(bytes, bigEndian: true, out _);
        Tag(context, lastId).CopyTo(bytes[IdLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null when the cursor is not one of this list.</returns>
    public Guid? Read(HttpContext context, string cursor)
    {
        Span<byte> bytes = stackalloc byte[IdLength + TagLength];
        if (cursor.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length) || length != bytes.Length)
        {
            return null;
        }

        var id = new Guid(bytes[..IdLength], bigEndian: true);
        return CryptographicOperations.FixedTimeEquals(bytes[IdLength..], Tag(context, id)) ? id : null;
    }

    private byte[] Tag(HttpContext context, Guid id) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(
        $"{context.User.FindFirstValue(PortalClaims.StoreId)}|{context.Request.Path}|{id:N}"))[..TagLength];
}
