namespace MerchantPortal.Payments.Channels;

/// <summary>
/// Tokens that a gateway gives to whoever knows an app's secret: few a day, good for a while, and a new one kills the old. Kept once for
/// all instances of the portal and fetched by one at a time; what channels see of it is this.
/// </summary>
public interface ISharedTokens
{
    /// <param name="refused">A token that the gateway has just refused; it is not given again. Null for any good one.</param>
    /// <returns>A token that is good for a while yet, or why there is none.</returns>
    Task<SharedToken> GetAsync(SharedTokenSource source, string? refused, CancellationToken cancellationToken);
}

/// <summary>Where a token comes from.</summary>
/// <param name="Name">Names the token without telling anything of its secret, at most 64 characters; the same for all who share it.</param>
/// <param name="DailyLimit">At most so many are fetched in a day of Beijing.</param>
/// <param name="FetchAsync">Asks the gateway. Called by one at a time.</param>
public sealed record SharedTokenSource(string Name, int DailyLimit, Func<CancellationToken, Task<SharedToken>> FetchAsync);

public abstract record SharedToken
{
    /// <param name="Lifetime">How long it is good for, counted from now.</param>
    public sealed record Given(string Token, TimeSpan Lifetime) : SharedToken
    {
        /// <summary>A token must not reach a log by way of a record that prints itself.</summary>
        public override string ToString() => $"a token for {Lifetime}";
    }

    /// <summary>The gateway does not take the app's number or secret.</summary>
    public sealed record Refused(string Code, string Message) : SharedToken;

    /// <summary>Cannot tell, or not now.</summary>
    public sealed record Unknown(string Reason) : SharedToken;
}
