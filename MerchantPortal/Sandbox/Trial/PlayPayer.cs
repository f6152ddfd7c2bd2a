using MerchantPortal.Payments.Channels;
using MerchantPortal.Sandbox.Deliveries;
using MerchantPortal.Sandbox.Faults;
using MerchantPortal.Sandbox.Trades;

namespace MerchantPortal.Sandbox.Trial;

/// <summary>A buyer who opens what the shop shows and pays at once.</summary>
public sealed class PlayPayer(TradeQueries trades, PayTrade pay, IHttpClientFactory http) : ITestPayer
{
    public async Task<bool> PayAsync(string outTradeNo, PaymentPrompt prompt, CancellationToken cancellationToken)
    {
        if (prompt is { Kind: PromptKind.Redirect, Url: { } url })
        {
            using var client = http.CreateClient(SendDelivery.HttpClientName);
            using var arrived = await client.GetAsync(url, cancellationToken);
        }

        return await trades.FindCodeAsync(outTradeNo, cancellationToken) is { } code
            && await pay.ExecuteAsync(code, Fault.None, cancellationToken) is PayTradeResult.Paid;
    }
}
