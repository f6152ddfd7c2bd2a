using MerchantPortal.Payments.Channels;

namespace MerchantPortal.Checkout;

/// <summary>
/// Learns who the payer is from the code that WeChat sent along with the browser. Bounded in number, because anyone with the link can
/// come back.
/// </summary>
public sealed class IdentifyPayer(PaymentChannels channels, PayerState states, TimeProvider time)
{
    private const int MaxCode = 256;

    private readonly GatewayQuestions _questions = new(time);

    /// <param name="code">As the browser brought it back. Never logged.</param>
    /// <returns>The payer at WeChat; null when WeChat does not say, or the browser has not been sent there from this order.</returns>
    public async Task<string?> ExecuteAsync(CheckoutOrder order, CheckoutMethod method, string? state, string? code, CancellationToken cancellationToken) =>
        states.AccountOf(order.Order, state) == method.AccountId
        && code is { Length: > 0 and <= MaxCode }
        && _questions.TryTake(order.Order.Id)
        && (await channels.FindAsync(method.AccountId, cancellationToken))?.Channel is IPayerIdentification channel
        && await channel.IdentifyAsync(code, cancellationToken) is PayerIdentity.Known known
            ? known.OpenId
            : null;
}
