namespace MerchantPortal.Accounts;

/// <summary>
/// Makes a product, an order and a first payment in the sandbox, so that a new owner sees the whole way in a minute. Registered by
/// the sandbox when it is on; where nothing is registered, the console offers nothing.
/// </summary>
public interface ITryItNow
{
    Task<TryItNowResult> ExecuteAsync(Actor actor, CancellationToken cancellationToken);
}

/// <summary>What became of it.</summary>
public abstract record TryItNowResult
{
    private TryItNowResult()
    {
    }

    /// <param name="OrderNumber">The order to look at.</param>
    /// <param name="CheckoutPath">The buyer's page for it, beginning with a slash.</param>
    public sealed record Ready(string OrderNumber, string CheckoutPath) : TryItNowResult;

    /// <param name="Reason">In the reader's language, for people.</param>
    public sealed record NotNow(string Reason) : TryItNowResult;
}
