using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace MerchantPortal.Checkout;

/// <summary>The payment button's script as it goes over the wire: read and packed once, at the first request.</summary>
public sealed class EmbedScript(IWebHostEnvironment environment)
{
    private const string File = "js/checkout-embed.js";

    public byte[] Plain => field ??= Read();

    public byte[] Packed => field ??= Pack(Plain);

    public EntityTagHeaderValue PlainTag => field ??= Tag(Plain);

    public EntityTagHeaderValue PackedTag => field ??= Tag(Packed);

    private byte[] Read()
    {
        using var source = environment.WebRootFileProvider.GetFileInfo(File).CreateReadStream();
        using var bytes = new MemoryStream();
        source.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    private static EntityTagHeaderValue Tag(byte[] bytes) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
}
