using System.Text;
using System.Text.RegularExpressions;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>The former SDK on a phone: takes an order string of quoted pairs to the gateway. Signed is the text before the signature, as it stands.</summary>
internal sealed partial class MapiOrderString(MapiGate gate, OpenMapiTrade open) : IOrderStringReader
{
    public async Task<OpenedInApp?> OpenAsync(string orderString, CancellationToken cancellationToken)
    {
        var whole = Whole().Match(orderString);
        if (!whole.Success)
        {
            return null;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match pair in Pair().Matches(whole.Groups["text"].Value))
        {
            if (!fields.TryAdd(pair.Groups["name"].Value, pair.Groups["value"].Value))
            {
                return new OpenedInApp(null, "ILLEGAL_ARGUMENT");
            }
        }

        var merchant = await gate.PartnerAsync(fields.GetValueOrDefault("partner") ?? "", cancellationToken);
        if (merchant is null || fields.GetValueOrDefault("service") != MapiWire.SecurityPay)
        {
            return new OpenedInApp(null, merchant is null ? "ILLEGAL_PARTNER" : "ILLEGAL_SERVICE");
        }

        if (MapiSigners.TypeOf(merchant) != MapiWire.Rsa
            || !MapiSigners.Holds(merchant, Encoding.UTF8.GetBytes(whole.Groups["text"].Value), Uri.UnescapeDataString(whole.Groups["sign"].Value)))
        {
            return new OpenedInApp(null, "ILLEGAL_SIGN");
        }

        var (trade, error) = await open.ExecuteAsync(new MapiCall(merchant, fields), TradeProduct.App, cancellationToken);
        return new OpenedInApp(trade?.Code, trade is null ? error : null);
    }

    [GeneratedRegex("^(?<text>[a-z_]+=\"[^\"]*\"(?:&[a-z_]+=\"[^\"]*\")*)&sign=\"(?<sign>[^\"]+)\"&sign_type=\"RSA\"$")]
    private static partial Regex Whole();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Pair();
}
