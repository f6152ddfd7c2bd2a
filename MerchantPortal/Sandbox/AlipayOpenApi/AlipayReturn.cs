using MerchantPortal.Sandbox.Keys;
using MerchantPortal.Sandbox.Trades;
using MerchantPortal.Sandbox.Wallet;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>Where the cashier sends the browser after payment: signed, without a trade status, for display only.</summary>
internal sealed class AlipayReturn(AlipaySigners signers, TimeProvider time) : ICashierReturn
{
    public string Channel => SandboxChannels.Alipay;

    public async Task<string?> AddressAsync(SandboxTrade trade, CancellationToken cancellationToken)
    {
        if (trade.ReturnUrl is not { } returnUrl)
        {
            return null;
        }

        var fields = new Dictionary<string, string>
        {
            ["charset"] = "utf-8",
            ["out_trade_no"] = trade.OutTradeNo,
            ["method"] = $"{(trade.Product == TradeProduct.Wap ? AlipayMethods.WapPay : AlipayMethods.PagePay)}.return",
            ["total_amount"] = Money.ToYuan(trade.Amount),
            ["trade_no"] = trade.TransactionId,
            ["auth_app_id"] = trade.Merchant.AppId,
            ["version"] = "1.0",
            ["app_id"] = trade.Merchant.AppId,
            ["sign_type"] = "RSA2",
            ["seller_id"] = trade.Merchant.MerchantNo,
            ["timestamp"] = Beijing.Wall(time.GetUtcNow()),
        };
        var key = await signers.OfAsync(trade.Merchant, cancellationToken);
        fields["sign"] = RsaSha256.Sign(key.PrivateKey, AlipayWire.MessageText(fields));
        return QueryHelpers.AddQueryString(returnUrl, fields.Select(field => KeyValuePair.Create<string, string?>(field.Key, field.Value)));
    }
}
