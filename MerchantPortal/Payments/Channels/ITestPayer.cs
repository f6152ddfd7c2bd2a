namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Pays a test order the way a buyer would. Registered by the sandbox when it is on; where nothing is registered, nobody can play a
/// buyer.
/// </summary>
public interface ITestPayer
{
    /// <param name="prompt">What the buyer was shown; the browser's way to the gateway is taken as well.</param>
    /// <returns>False when the gateway did not take the payment.</returns>
    Task<bool> PayAsync(string outTradeNo, PaymentPrompt prompt, CancellationToken cancellationToken);
}
