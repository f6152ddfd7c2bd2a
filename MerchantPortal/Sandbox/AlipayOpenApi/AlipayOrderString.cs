using MerchantPortal.Sandbox.Trades;
using Microsoft.AspNetCore.WebUtilities;

namespace MerchantPortal.Sandbox.AlipayOpenApi;

/// <summary>Alipay's SDK on a phone: takes the order string of alipay.trade.app.pay to the gateway.</summary>
internal sealed class AlipayOrderString(AlipayGate gate, OpenAlipayTrade open) : IOrderStringReader
{
    public async Task<OpenedInApp?> OpenAsync(string orderString, CancellationToken cancellationToken)
    {
        var parsed = QueryHelpers.ParseQuery(orderString);
        if (parsed.GetValueOrDefault("method") != AlipayMethods.AppPay)
        {
            return null;
        }

        var fields = parsed.All(field => field.Value.Count == 1) ? parsed.ToDictionary(field => field.Key, field => field.Value.ToString()) : null;
        var (call, refusal) = await gate.EnterAsync(fields, cancellationToken);
        if (call is null)
        {
            return new OpenedInApp(null, refusal?.SubCode);
        }

        var (trade, failure) = await open.ExecuteAsync(call, TradeProduct.App, cancellationToken);
        return new OpenedInApp(trade?.Code, trade is null ? failure?.Node["sub_code"]?.GetValue<string>() : null);
    }
}
