using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;

namespace MerchantPortal.Payments.Channels.Bills;

/// <summary>Fetches a bill file from the address that a gateway has named.</summary>
internal sealed class BillTransfer(HttpClient http, TimeProvider time)
{
    private const int CopyBuffer = 81_920;

    /// <summary>For the whole file: the client's own limits end with the headers.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <returns>Null when all of it was written; else why not, in English.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    internal async Task<string?> ExecuteAsync(HttpRequestMessage request, Stream target, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            request.Options.Set(GatewayResilience.IsDownload, true);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode} instead of the bill.");
            }

            await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(either.Token), BillFile.MaxBytes);
            await body.CopyToAsync(target, CopyBuffer, either.Token);
            return null;
        }
        catch (BillTooLargeException)
        {
            return "The file was larger than any bill.";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return $"The bill broke off: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "The bill did not come in time.";
        }
    }

    /// <summary>SHA-1 of the text, unpacked where it is packed; WeChat Pay announces no stronger one.</summary>
    /// <param name="file">Seekable.</param>
    /// <returns>Lower-case hex; null when the file cannot be unpacked.</returns>
    [SuppressMessage("Security", "CA5350", Justification = "The gateway's choice.")]
    internal static async Task<string?> Sha1Async(Stream file, CancellationToken cancellationToken)
    {
        var magic = new byte[2];
        file.Position = 0;
        await file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        try
        {
            await using var unpacked = magic is [0x1F, 0x8B] ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
            await using var text = new LimitedStream(unpacked ?? file, BillFile.MaxTextBytes, leaveOpen: true);
            return Convert.ToHexStringLower(await SHA1.HashDataAsync(text, cancellationToken));
        }
        catch (Exception exception) when (exception is InvalidDataException or BillTooLargeException)
        {
            return null;
        }
    }
}
