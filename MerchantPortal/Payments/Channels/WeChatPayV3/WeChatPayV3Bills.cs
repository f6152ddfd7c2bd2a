using System.Globalization;
using System.Text.Json;
using MerchantPortal.Payments.Channels.Bills;

namespace MerchantPortal.Payments.Channels.WeChatPayV3;

/// <summary>
/// Downloads the trade bill of a day: the gateway signs an address and the hash of the file, the file itself is not signed.
/// See https://pay.weixin.qq.com/doc/v3/merchant/4013071099.
/// </summary>
internal sealed class WeChatPayV3Bills(WeChatPayV3Gateway gateway, Uri baseUrl, BillTransfer transfer)
{
    private const string OfficialHosts = ".mch.weixin.qq.com";

    internal async Task<BillDownload> DownloadAsync(DateOnly day, Stream target, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v3/bill/tradebill?bill_date={day:yyyy-MM-dd}&bill_type=ALL&tar_type=GZIP");
        return await gateway.SendAsync(HttpMethod.Get, path, [], cancellationToken) switch
        {
            WeChatPayV3Answer.Signed { Status: 200 } signed when WeChatPayV3Reader.Read(signed.Body, BillMessage.Read) is { } bill =>
                await FetchAsync(bill, target, cancellationToken),
            WeChatPayV3Answer.Signed => new BillDownload.Unknown("The answer names no bill."),
            WeChatPayV3Answer.Refused { Code: "NO_STATEMENT_EXIST" } => new BillDownload.NoBill(),
            WeChatPayV3Answer.Refused { Code: "STATEMENT_CREATING" } => new BillDownload.NotReady(),
            WeChatPayV3Answer.Refused refused => new BillDownload.Unknown(refused.Summary),
            WeChatPayV3Answer.Unknown unknown => new BillDownload.Unknown(unknown.Reason),
            var other => throw new InvalidOperationException($"No result for {other.GetType().Name}."),
        };
    }

    private async Task<BillDownload> FetchAsync(BillMessage bill, Stream target, CancellationToken cancellationToken)
    {
        if (!IsGateway(bill.DownloadUrl))
        {
            return new BillDownload.Unknown($"The bill lies at {bill.DownloadUrl.Host}, which is none of WeChat Pay's hosts.");
        }

        using var request = gateway.Request(HttpMethod.Get, bill.DownloadUrl, []);
        if (await transfer.ExecuteAsync(request, target, cancellationToken) is { } failure)
        {
            return new BillDownload.Unknown(failure);
        }

        return string.Equals(await BillTransfer.Sha1Async(target, cancellationToken), bill.Sha1, StringComparison.OrdinalIgnoreCase)
            ? new BillDownload.Downloaded()
            : new BillDownload.Unknown("The file is not the one that was announced: its hash is another.");
    }

    /// <summary>Our signature goes along, so it goes nowhere else.</summary>
    private bool IsGateway(Uri address) =>
        (address.Scheme == baseUrl.Scheme && address.Authority == baseUrl.Authority)
        || (address.Scheme == Uri.UriSchemeHttps && baseUrl.Host.EndsWith(OfficialHosts, StringComparison.Ordinal) && address.Host.EndsWith(OfficialHosts, StringComparison.Ordinal));

    /// <summary>The answer to <c>GET /v3/bill/tradebill</c>.</summary>
    private sealed record BillMessage(string Sha1, Uri DownloadUrl)
    {
        /// <returns>Null when a member is missing, or the hash is of another kind.</returns>
        internal static BillMessage? Read(JsonElement json) =>
            json.Text("hash_type") == "SHA1" && json.Text("hash_value") is { Length: 40 } hash && Uri.TryCreate(json.Text("download_url"), UriKind.Absolute, out var address)
                ? new(hash, address)
                : null;
    }
}
