using MerchantPortal.Accounts;
using MerchantPortal.Orders;
using Microsoft.Extensions.Localization;

namespace MerchantPortal.Sandbox.Trial;

/// <summary>
/// One click from an empty shop to something that can be paid: test accounts at both gateways, three products, one order. What is
/// there already is used again, so that a second click only makes another order. Goes through the portal's own operations.
/// </summary>
public sealed class TryInSandbox(
    TrialAccounts accounts, TrialProducts products, PlaceOrder place, PortalChangesOneByOne turns, IStringLocalizer<SandboxText> text) : ITryItNow
{
    public async Task<TryItNowResult> ExecuteAsync(Actor actor, CancellationToken cancellationToken)
    {
        // Two clicks at once would both find an empty shop.
        using var turn = await turns.EnterAsync(cancellationToken);
        foreach (var channel in new[] { SandboxChannels.WeChat, SandboxChannels.Alipay })
        {
            if (await accounts.EnsureAsync(channel, text[channel == SandboxChannels.WeChat ? "Try_wechat" : "Try_alipay"], actor, cancellationToken) is { } fault)
            {
                return new TryItNowResult.NotNow(text["TryNoAccount", fault]);
            }
        }

        var shelf = await products.EnsureAsync(actor, cancellationToken);
        return await place.ExecuteAsync(
            new NewOrder(PaymentMode.Test, [.. shelf.Take(1).Select(productId => new NewOrderLine(productId, 1))]), actor, cancellationToken) switch
        {
            PlaceOrderResult.Placed placed => new TryItNowResult.Ready(placed.Order.Number, $"/pay/{placed.Order.CheckoutToken}"),
            PlaceOrderResult.Refused refused => new TryItNowResult.NotNow(text["TryNoOrder", refused.Message]),
            _ => throw new InvalidOperationException("An order is either placed or refused."),
        };
    }
}

/// <summary>Lets one trial after the other set up its shop.</summary>
public sealed class PortalChangesOneByOne : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return new Turn(_one);
    }

    public void Dispose() => _one.Dispose();

    private sealed class Turn(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
