using System.Globalization;
using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Channels.AlipayOpenApi;

/// <summary>
/// Downloads the trade bill of a day: Alipay signs an address that is good for half a minute; behind it lies a zip file.
/// See https://opendocs.alipay.com/open/02fkbl.
/// </summary>
internal sealed class AlipayOpenApiBills(AlipayOpenApiGateway gateway, Uri baseUrl, BillTransfer transfer, TimeProvider time)
{
    /// <summary>Alipay says "no bill" for one that it has not made yet, too; from this hour of the next day on it means what it says.</summary>
    private static readonly TimeOnly Settled = new(12, 0);

    private static readonly string[] OfficialHosts = [".alipay.com", ".alipaydev.com"];

    internal async Task<BillDownload> DownloadAsync(DateOnly day, Stream target, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string?>[] content = [new("bill_type", "trade"), new("bill_date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))];
        return await gateway.CallAsync(AlipayWire.BillAddress, content, notifyUrl: null, cancellationToken) switch
        {
            AlipayOpenApiAnswer.Signed { Succeeded: true } signed => await FetchAsync(signed.Text("bill_download_url"), target, cancellationToken),
            AlipayOpenApiAnswer.Signed signed when signed.SubCode.Contains(AlipayWire.BillNotExist, StringComparison.OrdinalIgnoreCase) =>
                time.GetUtcNow() < BeijingTime.At(day.AddDays(1), Settled) ? new BillDownload.NotReady() : new BillDownload.NoBill(),
            AlipayOpenApiAnswer.Signed signed => new BillDownload.Unknown(signed.Describe()),
            AlipayOpenApiAnswer.Unproven unproven => new BillDownload.Unknown(unproven.Reason),
            _ => throw new InvalidOperationException("An answer is either signed or not."),
        };
    }

    private async Task<BillDownload> FetchAsync(string text, Stream target, CancellationToken cancellationToken)
    {
        if (AddressOf(text) is not { } address)
        {
            return new BillDownload.Unknown("The bill lies at none of Alipay's hosts.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await transfer.ExecuteAsync(request, target, cancellationToken) is { } failure ? new BillDownload.Unknown(failure) : new BillDownload.Downloaded();
    }

    /// <summary>Alipay still writes http; what comes over it could be anybody's, as the file is not signed.</summary>
    private Uri? AddressOf(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var address) ? null
        : address.Scheme == baseUrl.Scheme && address.Authority == baseUrl.Authority ? address
        : address.Scheme is "http" or "https" && address.IsDefaultPort && Array.Exists(OfficialHosts, host => address.Host.EndsWith(host, StringComparison.Ordinal))
            ? new UriBuilder(address) { Scheme = Uri.UriSchemeHttps, Port = -1 }.Uri
            : null;
}
