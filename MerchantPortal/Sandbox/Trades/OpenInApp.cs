namespace MerchantPortal.Sandbox.Trades;

/// <summary>The merchant's app hands its order string to the wallet's SDK, which brings the buyer to the gateway.</summary>
public sealed class OpenInApp(IEnumerable<IOrderStringReader> readers)
{
    /// <param name="orderString">As the portal made it.</param>
    public async Task<OpenedInApp> ExecuteAsync(string orderString, CancellationToken cancellationToken)
    {
        foreach (var reader in readers)
        {
            if (await reader.OpenAsync(orderString.Trim(), cancellationToken) is { } opened)
            {
                return opened;
            }
        }

        return new OpenedInApp(null, "not_an_order_string");
    }
}

/// <summary>One gateway's understanding of order strings.</summary>
public interface IOrderStringReader
{
    /// <returns>Null when the text is not an order string of this gateway.</returns>
    Task<OpenedInApp?> OpenAsync(string orderString, CancellationToken cancellationToken);
}

/// <param name="Code">See <see cref="SandboxTrade.Code"/>; null when the gateway refused.</param>
/// <param name="Problem">The gateway's own code; null when it did not refuse.</param>
public sealed record OpenedInApp(string? Code, string? Problem);
