using System.IO.Compression;
using System.Text;

namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>
/// The text inside a bill file, packed as gzip or zip or not at all. Names inside a zip are not looked at. Unpacking stops at a limit,
/// so that a small file cannot fill the memory or the disk.
/// </summary>
internal sealed class BillFile(Stream file)
{
    /// <summary>Of the file as it comes.</summary>
    internal const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>Of the text in it.</summary>
    internal const long MaxTextBytes = 512L * 1024 * 1024;

    private const int MaxEntries = 50;

    /// <summary>The head of a bill, with its comments.</summary>
    private const int SniffedBytes = 16 * 1024;

    private const string Gb18030 = "GB18030";

    /// <summary>UTF-8 first: what is valid there is hardly ever meant otherwise.</summary>
    private static readonly (Encoding Forgiving, Encoding Strict)[] Encodings =
    [
        (Encoding.UTF8, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
        (Chinese(EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback), Chinese(EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)),
    ];

    /// <summary>Finds the text that has the header, and how it is encoded.</summary>
    /// <param name="header">A column that only this kind of bill has.</param>
    /// <returns>Null when no text in the file has it.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal async Task<StreamReader?> OpenAsync(string header, CancellationToken cancellationToken)
    {
        foreach (var open in await TextsAsync(cancellationToken))
        {
            Encoding? encoding;
            await using (var text = open())
            {
                encoding = await FindEncodingAsync(text, header, cancellationToken);
            }

            if (encoding is not null)
            {
                return new StreamReader(open(), encoding, detectEncodingFromByteOrderMarks: false);
            }
        }

        return null;
    }

    private static async Task<Encoding?> FindEncodingAsync(Stream text, string header, CancellationToken cancellationToken)
    {
        var head = new byte[SniffedBytes];
        var length = await text.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        // The head may end in the middle of a character, so it is looked at with a decoder that forgives; the whole is not.
        return Array.Find(Encodings, encoding => encoding.Forgiving.GetString(head, 0, length).Contains(header, StringComparison.Ordinal)).Strict;
    }

    private async Task<IReadOnlyList<Func<Stream>>> TextsAsync(CancellationToken cancellationToken)
    {
        var magic = new byte[2];
        file.Position = 0;
        var length = await file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 2 && magic is [0x1F, 0x8B])
        {
            return [() => new LimitedStream(new GZipStream(Rewound(), CompressionMode.Decompress, leaveOpen: true), MaxTextBytes)];
        }

        if (length == 2 && magic is [(byte)'P', (byte)'K'])
        {
            var zip = new ZipArchive(Rewound(), ZipArchiveMode.Read, leaveOpen: true);
            return [.. zip.Entries.Take(MaxEntries).Select<ZipArchiveEntry, Func<Stream>>(entry => () => new ProvenStream(new LimitedStream(entry.Open(), MaxTextBytes), entry.Crc32))];
        }

        return [() => new LimitedStream(Rewound(), MaxTextBytes, leaveOpen: true)];
    }

    private Stream Rewound()
    {
        file.Position = 0;
        return file;
    }

    private static Encoding Chinese(EncoderFallback encoder, DecoderFallback decoder) =>
        CodePagesEncodingProvider.Instance.GetEncoding(Gb18030, encoder, decoder) ?? throw new InvalidOperationException("The framework has no GB18030.");
}
