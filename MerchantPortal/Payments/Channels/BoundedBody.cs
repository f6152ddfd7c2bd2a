namespace MerchantPortal.Payments.Channels;

/// <summary>Reads what a gateway answers with, and no more of it than any real answer has.</summary>
internal static class BoundedBody
{
    /// <summary>Bytes of the largest answer that a gateway gives to a call.</summary>
    public const int MaxAnswer = 64 * 1024;

    /// <returns>Null when the body has more than <paramref name="limit"/> bytes.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > limit)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
