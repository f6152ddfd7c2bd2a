using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Sandbox.AlipayMapi;

/// <summary>Where the cashier sends the browser after payment: signed, with the state of the trade, and still for display only.</summary>
internal sealed class MapiReturn(MapiSigners signers, TimeProvider time) : ICashierReturn
{
    public string Channel => SandboxChannels.AlipayMapi;

    public async Task<string?> AddressAsync(SandboxTrade trade, CancellationToken cancellationToken)
    {
        if (trade.ReturnUrl is not { } returnUrl)
        {
            return null;
        }

        var fields = new Dictionary<string, string>
        {
            ["is_success"] = "T",
            ["notify_id"] = SandboxNumbers.Message(SandboxChannels.AlipayMapi, time.GetUtcNow()),
            ["notify_time"] = Beijing.Wall(time.GetUtcNow()),
            ["notify_type"] = "trade_status_sync",
            ["out_trade_no"] = trade.OutTradeNo,
            ["payment_type"] = "1",
            ["seller_id"] = trade.Merchant.MerchantNo,
            ["seller_email"] = MapiWire.SellerEmail,
            ["buyer_id"] = SandboxNumbers.BuyerId,
            ["subject"] = trade.Subject,
            ["total_fee"] = Money.ToYuan(trade.Amount),
            ["trade_no"] = trade.TransactionId,
            ["trade_status"] = "TRADE_SUCCESS",
        };
        fields["sign"] = await signers.SignAsync(trade.Merchant, MapiWire.Bytes(fields), asStranger: false, cancellationToken);
        fields[MapiWire.SignType] = MapiSigners.TypeOf(trade.Merchant);
        return QueryHelpers.AddQueryString(returnUrl, fields.Select(field => KeyValuePair.Create<string, string?>(field.Key, field.Value)));
    }
}
